//! The module for `/search/` and `/favourites/`.

fn main() {
    yima_app::lay_finder();
}

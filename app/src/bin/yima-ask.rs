//! The module for `/ask/`.

fn main() {
    yima_app::lay_ask();
}

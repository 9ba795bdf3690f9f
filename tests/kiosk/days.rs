//! A city that is built day by day into one folder, as it is in practice, each day's site taken by kiosks.

use yima::kiosk::{Store, import};

use super::{folder, run, signer, typed, whole};
use crate::city::{Sandbox, here, put};

/// The builds, with the day of October and whether a policy is edited before: on a new day every page changes; on the same
/// day few do, and a build goes on in the folder that the one before left.
const BUILDS: [(u32, bool); 9] =
    [(1, true), (1, true), (1, true), (1, true), (2, false), (3, true), (3, true), (3, false), (3, true)];

/// The numbers of their releases.
const FIRST: u64 = 2_026_100_100;
const LAST: u64 = FIRST + BUILDS.len() as u64 - 1;

#[test]
fn the_site_of_every_day_is_taken() {
    let (sandbox, temp) = (Sandbox::new(), folder());
    let (secret, dist, public) = (sandbox.beside("secret"), temp.path().join("dist"), here().join("../public"));
    put(&secret, signer().secret().as_bytes());
    let settings = sandbox.text("site.toml");
    sandbox.write("site.toml", format!("{settings}release_keys = [\"{}\"]\n", signer().verifier()));
    let store = Store::create(&temp.path().join("kiosk"), &[signer().verifier()], None).unwrap();
    let (content, policy) = (sandbox.content(), "policies/2025/2025-zufang-butie.md");
    let (mut taken, mut edits) = (Vec::new(), 0);
    for ((day, edited), number) in BUILDS.into_iter().zip(FIRST..=LAST) {
        if edited {
            sandbox.write(policy, format!("{}\n第{number}次发布补充的说明。\n", sandbox.text(policy)));
            edits += 1;
        }
        let date = format!("2026-10-{day:02}");
        let build = |number: u64| {
            run(&[
                "build",
                "--provisional-codes",
                "--no-sync",
                "--content",
                typed(&content),
                "--public",
                typed(&public),
                "--out",
                typed(&dist),
                "--key",
                typed(&secret),
                "--date",
                &date,
                "--sequence",
                &number.to_string(),
            ])
        };
        build(number).unwrap();
        // One that was visited every day, and a new one, which needs everything.
        let new = Store::create(&temp.path().join(number.to_string()), &[signer().verifier()], None).unwrap();
        for store in [&store, &new] {
            import(store, &dist, &|_, _| {}).unwrap_or_else(|error| panic!("{number}: {error:?}"));
        }
        assert_eq!(whole(&new), [number]);
        taken.insert(0, number);
        taken.truncate(2);
        assert_eq!(whole(&store), taken);
        let page = std::fs::read_to_string(dist.join("policy/2025-zufang-butie/index.html")).unwrap();
        assert_eq!(page.matches("次发布补充的说明").count(), edits, "{number}");
        // Not in the middle: a build that writes nothing leaves nothing behind for the next.
        if number == LAST {
            assert_eq!(build(number), Ok(()), "nothing has changed");
            let refused = format!("{} does not follow {number}", number - 1);
            assert!(build(number - 1).is_err_and(|why| why.contains(&refused)), "{number}");
        }
    }
}

//! Words after the name of a chore: `--name value` pairs and plain words.

use std::path::PathBuf;
use std::str::FromStr;

use crate::process::{Outcome, Trouble};

/// What was typed and not yet taken.
pub(crate) struct Args {
    options: Vec<(String, String)>,
    words: Vec<String>,
    /// An option at the end without its value.
    dangling: Option<String>,
}

impl Args {
    /// Sorts what was typed into options and words.
    pub(crate) fn new(typed: impl Iterator<Item = String>) -> Self {
        let mut args = Self { options: Vec::new(), words: Vec::new(), dangling: None };
        let mut typed = typed.peekable();
        while let Some(word) = typed.next() {
            match word.strip_prefix("--") {
                Some(option) => match option.split_once('=') {
                    Some((name, value)) => args.options.push((name.to_owned(), value.to_owned())),
                    None => match typed.next() {
                        Some(value) => args.options.push((option.to_owned(), value)),
                        None => args.dangling = Some(word),
                    },
                },
                None => args.words.push(word),
            }
        }
        args
    }

    /// The value of `--name`, if it was typed.
    ///
    /// # Errors
    /// When the value is not of the wanted type.
    pub(crate) fn take<T: FromStr>(&mut self, name: &str) -> Outcome<Option<T>> {
        let Some(at) = self.options.iter().position(|(option, _)| option == name) else { return Ok(None) };
        let (_, value) = self.options.remove(at);
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Trouble::new(format!("--{name} {value}: not a value this option takes"))),
        }
    }

    /// The path of `--name`, or `default` below the root of the workspace.
    pub(crate) fn path(&mut self, name: &str, default: &str) -> Outcome<PathBuf> {
        Ok(match self.take::<PathBuf>(name)? {
            Some(path) => std::path::absolute(&path).unwrap_or(path),
            None => crate::disk::root().join(default),
        })
    }

    /// All plain words.
    pub(crate) fn words(&mut self) -> Vec<String> {
        std::mem::take(&mut self.words)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When something was typed that no one took.
    pub(crate) fn finish(self) -> Outcome {
        let left = self.dangling.or_else(|| self.options.into_iter().map(|(name, _)| format!("--{name}")).next());
        match left.or_else(|| self.words.into_iter().next()) {
            Some(word) => {
                Err(Trouble::new(format!("`{word}` means nothing here, or lacks its value")).hint("cargo xtask help"))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args::new(line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned))
    }

    #[test]
    fn options_and_words_come_in_any_order() {
        let mut args = args("build --rounds 3 --json=x.json");
        assert_eq!(args.take::<u32>("rounds").unwrap(), Some(3));
        assert_eq!(args.take::<String>("json").unwrap().as_deref(), Some("x.json"));
        assert_eq!(args.words(), ["build"]);
        args.finish().unwrap();
    }

    #[test]
    fn what_nobody_takes_is_an_error() {
        assert!(args("--sead 1").finish().is_err());
        assert!(args("--seed").finish().is_err());
        assert!(args("more").finish().is_err());
        assert!(args("--seed x").take::<u64>("seed").is_err());
    }
}

//! Signed notes (C2SP signed-note v1): a text that ends in a line break, an empty line, and one line a signature.
//!
//! ```text
//! zc.qingyu.example/release
//! sequence 2026112200
//!
//! — zc.qingyu.example 3q2+7w…
//! ```
//!
//! Only Ed25519 signatures (type 1) are read. A line of another key or of another kind is passed over, as the
//! specification wants, so that a city may add a signature of its own kind without a reader taking offence.

use core::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::base64;

/// A note longer than this is refused unread.
pub const MAX_NOTE: usize = 64 << 10;

/// More signature lines than this are refused.
const MAX_SIGNATURES: usize = 100;

/// The type of an Ed25519 key.
const ED25519: u8 = 1;

/// A public key with the name of who signs: `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

/// A secret key: `PRIVATE+KEY+name+id+base64`. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct Signer {
    name: String,
    id: u32,
    key: SigningKey,
}

/// What is wrong with a note or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// The bytes are no signed note.
    Malformed,
    /// It bears no signature of a key that is trusted.
    Unsigned,
    /// It says it is signed by a trusted key, and the signature does not fit.
    Forged,
    /// The text of a key is wrong.
    BadKey,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "发布说明的格式不对",
            Self::Unsigned => "发布说明没有受信任的签名",
            Self::Forged => "发布说明的签名不符",
            Self::BadKey => "密钥的写法不对",
        })
    }
}

impl core::error::Error for NoteError {}

impl Verifier {
    /// Reads a public key.
    ///
    /// # Errors
    /// [`NoteError::BadKey`] when the text is not one of Ed25519, or its id does not belong to it.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::BadKey);
        };
        let id = u32::from_str_radix(id, 16).map_err(|_| NoteError::BadKey)?;
        let bytes = base64::decode(key).ok_or(NoteError::BadKey)?;
        let [ED25519, key @ ..] = bytes.as_slice() else { return Err(NoteError::BadKey) };
        let key = <[u8; 32]>::try_from(key).map_err(|_| NoteError::BadKey)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NoteError::BadKey)?;
        if !is_name(name) || id != key_id(name, &key) {
            return Err(NoteError::BadKey);
        }
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// Who signs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, base64::encode(&bytes))
    }
}

impl Signer {
    /// The key of `name` that grows from 32 random bytes.
    ///
    /// # Errors
    /// [`NoteError::BadKey`] when the name is empty or holds a space or a plus.
    pub fn of_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::BadKey);
        }
        let key = SigningKey::from_bytes(seed);
        Ok(Self { name: name.to_owned(), id: key_id(name, &key.verifying_key()), key })
    }

    /// Reads a secret key.
    ///
    /// # Errors
    /// [`NoteError::BadKey`] when the text is not one of Ed25519, or its id does not belong to it.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let rest = text.trim().strip_prefix("PRIVATE+KEY+").ok_or(NoteError::BadKey)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::BadKey);
        };
        let bytes = base64::decode(key).ok_or(NoteError::BadKey)?;
        let [ED25519, seed @ ..] = bytes.as_slice() else { return Err(NoteError::BadKey) };
        let seed = <[u8; 32]>::try_from(seed).map_err(|_| NoteError::BadKey)?;
        let signer = Self::of_seed(name, &seed)?;
        if u32::from_str_radix(id, 16) == Ok(signer.id) { Ok(signer) } else { Err(NoteError::BadKey) }
    }

    /// The secret as a text, for the file it is kept in.
    #[must_use]
    pub fn secret(&self) -> String {
        let mut bytes = vec![ED25519];
        bytes.extend(self.key.to_bytes());
        format!("PRIVATE+KEY+{}+{:08x}+{}", self.name, self.id, base64::encode(&bytes))
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), id: self.id, key: self.key.verifying_key() }
    }

    /// Signs `text`, which must end in a line break and hold no other control character.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] when the text may not stand in a note.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !is_text(text) {
            return Err(NoteError::Malformed);
        }
        let mut line = self.id.to_be_bytes().to_vec();
        line.extend(self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n— {} {}\n", self.name, base64::encode(&line)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier())
    }
}

/// The text of a note that at least one of `keys` has signed.
///
/// # Errors
/// [`NoteError`]: malformed, not signed by any of the keys, or signed wrongly by one of them.
pub fn open<'a>(note: &'a str, keys: &[Verifier]) -> Result<&'a str, NoteError> {
    let (text, lines) = split(note)?;
    let mut trusted = false;
    for (count, line) in lines.lines().enumerate() {
        let mut parts = line.strip_prefix("— ").ok_or(NoteError::Malformed)?.splitn(2, ' ');
        let (Some(name), Some(signature)) = (parts.next(), parts.next()) else { return Err(NoteError::Malformed) };
        let bytes = base64::decode(signature).ok_or(NoteError::Malformed)?;
        let (Some((id, signature)), true) = (bytes.split_first_chunk::<4>(), count < MAX_SIGNATURES) else {
            return Err(NoteError::Malformed);
        };
        let id = u32::from_be_bytes(*id);
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == id) else { continue };
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
        key.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Forged)?;
        trusted = true;
    }
    if trusted { Ok(text) } else { Err(NoteError::Unsigned) }
}

/// The text of a note, whoever has signed it, and nobody too.
///
/// # Errors
/// [`NoteError::Malformed`].
pub fn text(note: &str) -> Result<&str, NoteError> {
    if is_signed(note) { split(note).map(|(text, _)| text) } else { checked(note) }
}

/// Whether anybody has signed a note, rightly or not.
#[must_use]
pub fn is_signed(note: &str) -> bool {
    note.contains("\n\n")
}

fn split(note: &str) -> Result<(&str, &str), NoteError> {
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, lines) = (note.get(..=at), note.get(at + 2..));
    let (Some(text), Some(lines)) = (text, lines) else { return Err(NoteError::Malformed) };
    if !lines.ends_with('\n') {
        return Err(NoteError::Malformed);
    }
    checked(text).map(|text| (text, lines))
}

fn checked(text: &str) -> Result<&str, NoteError> {
    if text.len() <= MAX_NOTE && is_text(text) { Ok(text) } else { Err(NoteError::Malformed) }
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.chars().any(|c| c != '\n' && c.is_control())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c == '+' || c.is_whitespace())
}

/// The first four bytes of SHA-256 over name, line break, type and key.
fn key_id(name: &str, key: &VerifyingKey) -> u32 {
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize();
    let mut id = [0; 4];
    id.copy_from_slice(digest.get(..4).unwrap_or(&[0; 4]));
    u32::from_be_bytes(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked example of the Go package that the specification grew from.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer() -> Signer {
        Signer::of_seed("zc.qingyu.example", &[7; 32]).unwrap()
    }

    #[test]
    fn the_published_example_verifies() {
        let key = Verifier::parse(KEY).unwrap();
        assert_eq!(key.to_string(), KEY);
        assert!(open(NOTE, &[key]).unwrap().ends_with("problem is.\n"));
    }

    #[test]
    fn what_is_signed_opens_and_any_other_letter_does_not() {
        let note = signer().sign("a\nb\n").unwrap();
        let keys = [signer().verifier()];
        assert_eq!(open(&note, &keys), Ok("a\nb\n"));
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            if let Ok(other) = String::from_utf8(bytes) {
                assert_ne!(open(&other, &keys), Ok("a\nb\n"), "byte {place}");
            }
            assert!(note.get(..place).is_none_or(|cut| open(cut, &keys).is_err()), "cut at {place}");
        }
    }

    #[test]
    fn foreign_signatures_are_passed_over() {
        let other = Signer::of_seed("archive.example", &[9; 32]).unwrap();
        let both = format!("{}— archive.example {}\n", signer().sign("x\n").unwrap(), "AAAAAAAA");
        assert_eq!(open(&both, &[signer().verifier()]), Ok("x\n"));
        assert_eq!(open(&both, &[other.verifier()]), Err(NoteError::Unsigned));
        assert_eq!(open("x\n", &[signer().verifier()]), Err(NoteError::Malformed));
        assert_eq!(text("x\n"), Ok("x\n"));
    }

    #[test]
    fn keys_are_texts_and_back() {
        let signer = signer();
        assert_eq!(Signer::parse(&signer.secret()).unwrap().verifier(), signer.verifier());
        assert_eq!(Verifier::parse(&signer.verifier().to_string()).unwrap(), signer.verifier());
        assert!(!format!("{signer:?}").contains("PRIVATE"));
        for wrong in
            ["", "a+b", "x+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
        {
            assert_eq!(Verifier::parse(wrong), Err(NoteError::BadKey), "{wrong}");
        }
    }
}

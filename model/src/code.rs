//! Permanent short codes: five Crockford base-32 symbols and one check symbol.

use core::fmt;

/// Crockford's base 32: no I, L, O, U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many different bodies there are: 32⁵.
pub const BODIES: u32 = 1 << 25;

/// 一码: six symbols, the last one a check symbol (ISO/IEC 7064 hybrid system with modulus 33,32).
///
/// The check catches every single wrong symbol and every swap of neighbours but for the rare pair that the hybrid
/// system lets through, which the tests count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 6]);

/// Why typed text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Not six symbols once separators are dropped.
    Length(usize),
    /// A character that no symbol looks like.
    Symbol(char),
    /// The check symbol does not fit: a typing mistake.
    Check,
}

impl Code {
    /// The code whose body is the number `body` (below [`BODIES`]; higher bits are dropped).
    #[must_use]
    pub fn from_body(body: u32) -> Self {
        let mut symbols = [0_u8; 6];
        for (place, symbol) in symbols.iter_mut().take(5).enumerate() {
            let shift = 20 - 5 * place;
            *symbol = ((body >> shift) & 31) as u8;
        }
        symbols[5] = check_symbol([symbols[0], symbols[1], symbols[2], symbols[3], symbols[4]]);
        Self(symbols.map(|symbol| ALPHABET[usize::from(symbol)]))
    }

    /// Reads what a person typed: any case, `O` for `0`, `I` and `L` for `1`, spaces and hyphens anywhere,
    /// full-width letters and digits.
    ///
    /// # Errors
    /// [`CodeError`] says which of the three things is wrong.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut symbols = [0_u8; 6];
        let mut count = 0;
        for ch in text.chars() {
            let ch = match ch {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(ch as u32 - 0xFEE0).unwrap_or(ch),
                _ => ch,
            };
            if ch == '-' || ch == '\u{2013}' || ch == '\u{2014}' || ch.is_whitespace() {
                continue;
            }
            let symbol = symbol_value(ch).ok_or(CodeError::Symbol(ch))?;
            if let Some(slot) = symbols.get_mut(count) {
                *slot = symbol;
            }
            count += 1;
        }
        if count != 6 {
            return Err(CodeError::Length(count));
        }
        let [a, b, c, d, e, check] = symbols;
        if check_symbol([a, b, c, d, e]) != check {
            return Err(CodeError::Check);
        }
        Ok(Self(symbols.map(|symbol| ALPHABET[usize::from(symbol)])))
    }

    /// The number behind the first five symbols.
    #[must_use]
    pub fn body(&self) -> u32 {
        self.0[..5].iter().fold(0, |body, &symbol| body << 5 | u32::from(symbol_value(char::from(symbol)).unwrap_or(0)))
    }

    /// The six symbols.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Every byte comes from ALPHABET.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn symbol_value(ch: char) -> Option<u8> {
    let ch = match ch.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|&symbol| char::from(symbol) == ch).and_then(|place| u8::try_from(place).ok())
}

/// ISO/IEC 7064 hybrid system, modulus M+1,M with M = 32.
fn check_symbol(body: [u8; 5]) -> u8 {
    let mut product = 32_u32;
    for symbol in body {
        let mut sum = (product + u32::from(symbol)) % 32;
        if sum == 0 {
            sum = 32;
        }
        product = sum * 2 % 33;
    }
    ((33 - product) % 32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_printed_can_be_typed(body in 0..BODIES) {
            let code = Code::from_body(body);
            prop_assert_eq!(Code::parse(code.as_str()), Ok(code));
            prop_assert_eq!(code.body(), body);
            let sloppy = code.as_str().to_lowercase().replace('0', "o").replace('1', "l");
            prop_assert_eq!(Code::parse(&format!(" {}-{} ", &sloppy[..3], &sloppy[3..])), Ok(code));
        }

        #[test]
        fn every_single_wrong_symbol_is_caught(body in 0..BODIES, place in 0_usize..6, by in 1_usize..32) {
            let code = Code::from_body(body);
            let mut symbols: Vec<u8> = code.as_str().bytes().collect();
            let old = ALPHABET.iter().position(|&symbol| symbol == symbols[place]).unwrap();
            symbols[place] = ALPHABET[(old + by) % 32];
            prop_assert_eq!(Code::parse(std::str::from_utf8(&symbols).unwrap()), Err(CodeError::Check));
        }
    }

    #[test]
    fn swapped_neighbours_are_caught_but_for_a_few() {
        let (mut swaps, mut missed) = (0_u32, 0_u32);
        for body in (0..BODIES).step_by(97) {
            let text = Code::from_body(body).to_string();
            for place in 0..5 {
                let mut symbols: Vec<u8> = text.bytes().collect();
                if symbols[place] == symbols[place + 1] {
                    continue;
                }
                symbols.swap(place, place + 1);
                swaps += 1;
                missed += u32::from(Code::parse(std::str::from_utf8(&symbols).unwrap()).is_ok());
            }
        }
        assert!(missed * 400 < swaps, "{missed} of {swaps} swaps pass");
    }

    #[test]
    fn wrong_text_says_what_is_wrong() {
        assert_eq!(Code::parse("7K3"), Err(CodeError::Length(3)));
        assert_eq!(Code::parse("7K3F9Q2"), Err(CodeError::Length(7)));
        assert_eq!(Code::parse("7K3U9Q"), Err(CodeError::Symbol('U')));
        assert_eq!(Code::parse(""), Err(CodeError::Length(0)));
    }
}

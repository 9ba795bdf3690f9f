//! 发文字号: `机关代字〔年〕号数号`.

/// The one spelling of a document number: 〔〕 brackets, half-width digits, no spaces, 号 at the end.
///
/// Accepts the brackets 〔〕 [] （） () 【】 ﹝﹞ ［］ and full-width digits (GB/T 9704-2012, 7.2.5). `None` when the text has
/// another shape, such as no year or no 号.
#[must_use]
pub fn normalise(text: &str) -> Option<String> {
    let mut flat = String::with_capacity(text.len());
    for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
        flat.push(match ch {
            '[' | '(' | '（' | '【' | '﹝' | '［' | '{' | '﹙' => '〔',
            ']' | ')' | '）' | '】' | '﹞' | '］' | '}' | '﹚' => '〕',
            '０'..='９' => char::from_u32(u32::from(ch) - 0xFEE0)?,
            _ => ch,
        });
    }
    let Some((prefix, rest)) = flat.split_once('〔') else { return order(&flat) };
    let (year, rest) = rest.split_once('〕')?;
    let number = rest.strip_suffix('号')?;
    let number = number.strip_prefix('第').unwrap_or(number);
    let good = !prefix.is_empty()
        && prefix.chars().count() <= 20
        && prefix.chars().all(char::is_alphanumeric)
        && year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=6).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| format!("{prefix}〔{year}〕{number}号"))
}

/// Orders are numbered without a year: `青屿市人民政府令第31号`.
fn order(flat: &str) -> Option<String> {
    let (issuer, rest) = flat.split_once("令第")?;
    let number = rest.strip_suffix('号')?;
    let good = (2..=30).contains(&issuer.chars().count())
        && issuer.chars().all(char::is_alphanumeric)
        && (1..=6).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| flat.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_become_one() {
        for text in [
            "青屿人社发〔2025〕12号",
            "青屿人社发[2025]12号",
            "青屿人社发（２０２５）１２号",
            "青屿人社发 【2025】 12 号",
            "青屿人社发﹝2025﹞第12号",
        ] {
            assert_eq!(normalise(text).as_deref(), Some("青屿人社发〔2025〕12号"), "{text}");
        }
        assert_eq!(normalise("青屿市人民政府令第３１号").as_deref(), Some("青屿市人民政府令第31号"));
        for text in [
            "",
            "无",
            "令第31号",
            "青屿人社发2025年12号",
            "〔2025〕12号",
            "青屿人社发〔25〕12号",
            "青屿人社发〔2025〕12",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}

//! Numbers as they stand in Chinese documents: 十二, 一百零三, 12, １２.

/// Reads a number below 10,000 at the start of `text`, in Chinese or Arabic digits (full width too), and returns it
/// with what follows. `None` when the text does not start with a number or it is too large.
#[must_use]
pub fn leading_number(text: &str) -> Option<(u16, &str)> {
    let end =
        text.char_indices().find(|&(_, ch)| digit(ch).is_none() && unit(ch).is_none()).map_or(text.len(), |(at, _)| at);
    let (digits, rest) = text.split_at(end);
    Some((number(digits)?, rest))
}

/// Reads `第三条`, `第12条`, `第三条之一` at the start of `text`: the number, the 之 number (0 when there is none), the
/// label as written and what follows.
#[must_use]
pub fn leading_article(text: &str) -> Option<(u16, u16, &str, &str)> {
    let (number, rest) = leading_number(text.strip_prefix('第')?)?;
    let mut rest = rest.strip_prefix('条')?;
    let mut sub = 0;
    if let Some((value, after)) = rest.strip_prefix('之').and_then(leading_number) {
        (sub, rest) = (value, after);
    }
    let label = text.strip_suffix(rest)?;
    (number > 0).then_some((number, sub, label, rest))
}

fn digit(ch: char) -> Option<u32> {
    Some(match ch {
        '0'..='9' => u32::from(ch) - u32::from('0'),
        '０'..='９' => u32::from(ch) - u32::from('０'),
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(ch: char) -> Option<u32> {
    Some(match ch {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

fn number(text: &str) -> Option<u16> {
    if text.is_empty() {
        return None;
    }
    // 二〇二五 and 12 are read digit by digit, 一百零三 by its units.
    if !text.chars().any(|ch| unit(ch).is_some()) {
        let value = text.chars().try_fold(0_u32, |value, ch| {
            let value = value.checked_mul(10)?.checked_add(digit(ch)?)?;
            (value < 10_000).then_some(value)
        })?;
        return u16::try_from(value).ok();
    }
    let (mut total, mut current) = (0_u32, None);
    for ch in text.chars() {
        if let Some(unit) = unit(ch) {
            total += current.take().unwrap_or(1) * unit;
        } else {
            current = Some(current.unwrap_or(0) * 10 + digit(ch)?);
        }
        if total > 9_999 || current.is_some_and(|value| value > 9_999) {
            return None;
        }
    }
    u16::try_from(total + current.unwrap_or(0)).ok()
}

/// Writes a number below 10,000 in Chinese: 3 → 三, 12 → 十二, 103 → 一百零三.
#[must_use]
pub fn chinese(number: u16) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut text = String::new();
    let mut pending_zero = false;
    let mut rest = number % 10_000;
    for (value, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = rest / value;
        rest %= value;
        if digit == 0 {
            pending_zero = !text.is_empty();
            continue;
        }
        if pending_zero {
            text.push('零');
            pending_zero = false;
        }
        if !(value == 10 && digit == 1 && text.is_empty()) {
            text.push(DIGITS[usize::from(digit)]);
        }
        text.push_str(unit);
    }
    if text.is_empty() {
        text.push('零');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_documents() {
        for (text, number) in [
            ("三", 3),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("一百零三", 103),
            ("一百一十", 110),
            ("一千二百六十", 1260),
            ("12", 12),
            ("１２", 12),
            ("二〇二五", 2025),
        ] {
            assert_eq!(leading_number(text), Some((number, "")), "{text}");
        }
        assert_eq!(leading_number("十二条"), Some((12, "条")));
        assert_eq!(leading_number("条"), None);
        assert_eq!(leading_number("99999"), None);
        assert_eq!(leading_number("千千千千千千千千千千千"), None);
    }

    #[test]
    fn every_number_is_read_as_written() {
        for number in 1..10_000 {
            let text = chinese(number);
            assert_eq!(leading_number(&text), Some((number, "")), "{text}");
        }
    }

    #[test]
    fn articles() {
        assert_eq!(leading_article("第三条　正文"), Some((3, 0, "第三条", "　正文")));
        assert_eq!(leading_article("第一百二十条之一 正文"), Some((120, 1, "第一百二十条之一", " 正文")));
        assert_eq!(leading_article("第三章"), None);
        assert_eq!(leading_article("第条"), None);
        assert_eq!(leading_article("第零条"), None);
    }
}

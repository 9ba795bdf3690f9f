use proptest::prelude::*;

use super::*;

fn found(questions: &[(&str, &[&str], &str)]) -> Vec<(usize, usize, bool)> {
    let variants: Vec<Vec<String>> =
        questions.iter().map(|(_, variants, _)| variants.iter().map(|&text| text.to_owned()).collect()).collect();
    let asked: Vec<Asked<'_>> =
        questions.iter().zip(&variants).map(|((title, _, group), variants)| Asked { title, variants, group }).collect();
    pairs(&asked, "青屿市").into_iter().map(|pair| (pair.first, pair.second, pair.by_title)).collect()
}

#[test]
fn the_same_question_in_other_words_is_found() {
    for (a, b) in [
        ("请问青屿市高龄津贴怎么申请？", "高龄津贴如何申请"),
        ("灵活就业人员能不能缴存公积金", "灵活就业人员可以缴存公积金吗？"),
        ("电动自行车电池可以带回家充电吗", "电动自行车的电池能带回家里充电吗"),
        ("随迁子女入学什么时候登记", "随迁子女入学啥时候登记呢"),
    ] {
        assert_eq!(found(&[(a, &[], "x"), (b, &[], "y")]), [(0, 1, true)], "{a} {b}");
        assert_eq!(found(&[(a, &[], "x"), (b, &[], "x")]), [], "one department");
        assert_eq!(found(&[("别的什么事情", &[a], "x"), (b, &[], "y")]), [(0, 1, false)]);
    }
}

#[test]
fn another_question_is_not() {
    for (a, b) in [
        ("养老保险关系怎么转移到青屿", "医疗保险关系怎么转移到青屿"),
        ("户口迁入需要什么材料", "户口迁出需要什么材料"),
        ("生二孩补贴多少钱", "生三孩补贴多少钱"),
        ("满60岁的老年人坐公交车船能免费吗", "满65岁的老年人坐公交车船能免费吗"),
        ("补贴什么时候打钱", "补贴什么时候打钱"),
        ("需要什么材料？", "需要什么材料"),
    ] {
        assert_eq!(found(&[(a, &[], "x"), (b, &[], "y")]), [], "{a} {b}");
    }
}

#[test]
fn a_thousand_copies_are_not_a_million_pairs() {
    let questions = [("高龄津贴怎么申请", &[][..], "x"), ("高龄津贴怎么申请", &[][..], "y")].repeat(500);
    assert!(found(&questions).len() <= 1000 * MOST);
}

proptest! {
    /// What comparing all with all finds, the index finds.
    #[test]
    fn the_index_misses_nothing(questions in proptest::collection::vec("[甲乙丙丁]{6,24}", 2..24)) {
        let texts: BTreeMap<String, Vec<(usize, bool)>> =
            questions.iter().enumerate().map(|(ix, text)| (text.clone(), vec![(ix, true)])).collect();
        let mut all = Vec::new();
        for (at, (a, _)) in texts.iter().enumerate() {
            for (b, _) in texts.iter().skip(at + 1) {
                let (x, y) = (bigrams(a), bigrams(b));
                if x.len() >= FEWEST && y.len() >= FEWEST && dice(x.intersection(&y).count(), x.len(), y.len()) >= ALIKE {
                    all.push((texts[a][0].0, texts[b][0].0));
                }
            }
        }
        let mut found: Vec<(usize, usize)> = near(&texts).into_iter().map(|(a, b)| (a[0].0, b[0].0)).collect();
        all.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, all);
    }
}

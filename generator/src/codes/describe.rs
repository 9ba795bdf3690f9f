//! A record in words short enough for a label.

use yima_model::record::Policy;

use super::RecordKey;
use crate::City;

/// What stands beside a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// What the code opens: 政策文件, 意见征集, 第三条, 附件, 问答.
    pub kind: String,
    /// The title of the record, or of the policy it is a part of.
    pub title: String,
    /// 文号, else 索引号; of a question, its department.
    pub number: String,
    /// Who issued it, or owns the answer.
    pub department: String,
    /// For whom, what, how: of a policy as a whole.
    pub plain: Option<[String; 3]>,
}

/// Describes a record; `None` when the city does not have it.
#[must_use]
pub fn describe(city: &City, record: &RecordKey) -> Option<Description> {
    let department = |id: &str| {
        let found = city.tables.departments.iter().find(|department| department.id == id);
        found.map_or_else(|| id.to_owned(), |department| department.name.clone())
    };
    if let RecordKey::Question(id) = record {
        let ix = city.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id)).ok()?;
        let question = &city.questions.get(ix)?.question;
        let owner = department(&question.department);
        return Some(Description {
            kind: "问答".into(),
            title: question.question.clone(),
            number: owner.clone(),
            department: owner,
            plain: None,
        });
    }
    let entry = city.policy(record.policy_id()?)?;
    let policy = &entry.policy;
    let of_policy = |kind: String, title: &str, plain: Option<[String; 3]>| Description {
        kind,
        title: title.to_owned(),
        number: number(policy),
        department: department(&policy.issuer),
        plain,
    };
    Some(match record {
        RecordKey::Stage(_, stage) => {
            policy.stage(*stage)?;
            of_policy(stage.zh().to_owned(), &policy.title, None)
        }
        RecordKey::Attachment(_, file) => {
            let paper = policy.attachments.iter().find(|paper| paper.file == *file)?;
            of_policy("附件".into(), &paper.title, None)
        }
        RecordKey::Article(_, number) => {
            let article = entry.body.articles.iter().find(|article| article.number == *number && article.sub == 0);
            let label = article.map_or_else(|| format!("第{number}条"), |article| article.label.to_string());
            of_policy(label, &policy.title, None)
        }
        RecordKey::Policy(_) | RecordKey::Question(_) => {
            of_policy("政策文件".into(), &policy.title, Some(policy.plain.clone()))
        }
    })
}

fn number(policy: &Policy) -> String {
    policy.document_numbers.first().unwrap_or(&policy.index_number).clone()
}

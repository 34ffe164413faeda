//! What a store's refusals mean, by the code in their error documents
//! (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).

use crate::objects::delivery::Verdict;
use crate::sinks::answer::SinkAnswer;

/// What a store's answer means. An object is opaque to it, so only its size can be wrong with it.
pub fn judge(answer: &SinkAnswer) -> (Verdict, String) {
    let code = code(&answer.body);
    let verdict = match (answer.status, code) {
        (200..300, _) => return (Verdict::Delivered, answer.said("")),
        (413, _) | (_, "EntityTooLarge") => Verdict::Poison,
        (401 | 403, _) => Verdict::Credentials,
        _ => Verdict::Failed,
    };
    let advice = match (answer.status, code) {
        (_, "NoSuchBucket") => ": there is no such bucket; make it, or mend `bucket` or `endpoint`",
        (_, "SignatureDoesNotMatch") => ": mend `secret_key`",
        (_, "InvalidAccessKeyId" | "NotSignedUp") => ": mend `access_key`",
        (_, "AccessDenied") => ": let the access key put objects into the bucket",
        (_, "RequestTimeTooSkewed") => ": this machine's clock is wrong",
        (_, "AuthorizationHeaderMalformed" | "PermanentRedirect") | (301 | 307, _) => {
            ": the bucket is in another region; mend `region` or `endpoint`"
        }
        _ => "",
    };
    (verdict, answer.said(&format!("{code}{advice}")))
}

/// The code of an error document; empty where there is none. A code is a word of letters, so that nothing else of what
/// a server sends gets into our own answers.
fn code(body: &str) -> &str {
    let inner = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    inner
        .map(|(code, _)| code)
        .filter(|code| code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_mend_and_repeats_nothing_else() {
        #[track_caller]
        fn check(status: u16, code: &str, verdict: Verdict, word: &str) {
            let answer = SinkAnswer {
                status,
                body: format!(
                    "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>hunter2</Message></Error>"
                ),
                ..SinkAnswer::default()
            };
            let (found, said) = judge(&answer);
            assert_eq!(found, verdict, "{said}");
            assert!(said.contains(word) && !said.contains("hunter2"), "{said}");
        }
        check(403, "SignatureDoesNotMatch", Verdict::Credentials, "secret_key");
        check(403, "AccessDenied", Verdict::Credentials, "put objects");
        check(404, "NoSuchBucket", Verdict::Failed, "make it");
        check(400, "AuthorizationHeaderMalformed", Verdict::Failed, "region");
        check(301, "", Verdict::Failed, "region");
        check(400, "EntityTooLarge", Verdict::Poison, "400 EntityTooLarge");
        check(400, "InvalidArgument", Verdict::Failed, "400 InvalidArgument");
        check(503, "SlowDown", Verdict::Failed, "503 SlowDown");
        check(500, "<b>", Verdict::Failed, "it answered 500");
        assert_eq!(
            judge(&SinkAnswer {
                status: 200,
                ..SinkAnswer::default()
            })
            .0,
            Verdict::Delivered
        );
    }
}

//! Who is asked, by the names of OpenTelemetry: dashboards and price lists know these.

use syn::{Expr, Lit};

use crate::diagnostics::did_you_mean;
use crate::parse::{as_string, unwrapped};

const NAMES: [&str; 18] = [
    "openai",
    "anthropic",
    "aws.bedrock",
    "azure.ai.inference",
    "azure.ai.openai",
    "cohere",
    "deepseek",
    "gcp.gemini",
    "gcp.gen_ai",
    "gcp.vertex_ai",
    "groq",
    "ibm.watsonx.ai",
    "mistral_ai",
    "moonshot_ai",
    "ollama",
    "openrouter",
    "perplexity",
    "x_ai",
];

/// What people call them otherwise.
const OTHER_NAMES: [(&str, &str); 20] = [
    ("open_ai", "openai"),
    ("chatgpt", "openai"),
    ("claude", "anthropic"),
    ("bedrock", "aws.bedrock"),
    ("aws_bedrock", "aws.bedrock"),
    ("amazon", "aws.bedrock"),
    ("azure", "azure.ai.openai"),
    ("azure_openai", "azure.ai.openai"),
    ("gemini", "gcp.gemini"),
    ("google", "gcp.gemini"),
    ("gcp", "gcp.gemini"),
    ("vertex", "gcp.vertex_ai"),
    ("vertex_ai", "gcp.vertex_ai"),
    ("watsonx", "ibm.watsonx.ai"),
    ("mistral", "mistral_ai"),
    ("mistralai", "mistral_ai"),
    ("moonshot", "moonshot_ai"),
    ("kimi", "moonshot_ai"),
    ("xai", "x_ai"),
    ("grok", "x_ai"),
];

/// The provider that an argument names, or what is wrong with it.
pub(crate) fn provider(value: &Expr) -> Result<String, String> {
    if let Some(own) = custom(value) {
        return Ok(own);
    }
    let Some(literal) = as_string(value) else {
        return Err(
            "expected the name of a provider, as in `provider = \"openai\"`, or one that isn't \
             well known, as in `provider = custom(\"my-gateway\")`"
                .to_owned(),
        );
    };
    let name = literal.value();
    if NAMES.contains(&name.as_str()) { Ok(name) } else { Err(refusal(&name)) }
}

/// `custom("my-gateway")`
fn custom(value: &Expr) -> Option<String> {
    let Expr::Call(call) = unwrapped(value) else { return None };
    let Expr::Path(function) = unwrapped(&call.func) else { return None };
    let (true, Some(Expr::Lit(only)), 1) =
        (function.path.is_ident("custom"), call.args.first(), call.args.len())
    else {
        return None;
    };
    match &only.lit {
        Lit::Str(name) if !name.value().trim().is_empty() => Some(name.value()),
        _ => None,
    }
}

fn refusal(name: &str) -> String {
    if name.trim().is_empty() {
        return "`provider` can't be empty; write for example `provider = \"openai\"`".to_owned();
    }
    let key = name.to_lowercase().replace([' ', '-'], "_");
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == key).map(|(_, known)| *known);
    let meant = other
        .map(|known| format!("; did you mean `{known}`?"))
        .or_else(|| did_you_mean(name, NAMES))
        .unwrap_or_else(|| format!("; the known ones are {}.", NAMES.join(", ")));
    format!("unknown provider `{name}`{meant} Any other is written `custom(\"{name}\")`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        provider(&syn::parse_str(text).unwrap())
    }

    #[test]
    fn known_names_and_own_ones() {
        for name in NAMES {
            assert_eq!(read(&format!("{name:?}")).as_deref(), Ok(name));
        }
        assert_eq!(read("custom(\"my-gateway\")").as_deref(), Ok("my-gateway"));
    }

    #[test]
    fn other_names_lead_to_known_ones() {
        for (other, known) in OTHER_NAMES {
            assert!(NAMES.contains(&known));
            assert!(read(&format!("{other:?}")).unwrap_err().contains(&format!("`{known}`?")));
        }
        assert!(read("\"opneai\"").unwrap_err().contains("did you mean `openai`?"));
        assert!(read("\"zzz\"").unwrap_err().contains("; the known ones are openai, "));
    }

    #[test]
    fn what_is_no_name() {
        for text in ["name", "custom(5)", "custom(\"\")", "other(\"x\")", "5"] {
            assert!(read(text).unwrap_err().contains("custom(\"my-gateway\")"), "{text}");
        }
        assert!(read("\" \"").unwrap_err().contains("can't be empty"));
    }
}

use syn::Expr;

use crate::diagnostics::alternatives;
use crate::parse::{as_word, unwrapped};

/// What is done to a memory of agents, or to a store of memories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AiMemory {
    Create,
    Search,
    Update,
    Upsert,
    Delete,
    CreateStore,
    DeleteStore,
}

pub(super) const EXAMPLE: &str = "op = memory(search)";

/// As it is written, and as OpenTelemetry and Sentry call it.
const ALL: [(AiMemory, &str, &str); 7] = [
    (AiMemory::Create, "create", "create_memory"),
    (AiMemory::Search, "search", "search_memory"),
    (AiMemory::Update, "update", "update_memory"),
    (AiMemory::Upsert, "upsert", "upsert_memory"),
    (AiMemory::Delete, "delete", "delete_memory"),
    (AiMemory::CreateStore, "create_store", "create_memory_store"),
    (AiMemory::DeleteStore, "delete_store", "delete_memory_store"),
];

impl AiMemory {
    /// Reads `memory(search)`; `None` for anything but a call of `memory`.
    pub(super) fn read(value: &Expr) -> Option<Result<Self, String>> {
        let Expr::Call(call) = unwrapped(value) else { return None };
        let is_memory = as_word(&call.func).is_some_and(|word| word == "memory");
        let word = call.args.first().filter(|_| call.args.len() == 1).and_then(as_word);
        is_memory.then(|| match word {
            Some(word) => Self::named(&word),
            None => Err(format!("expected what is done to the memory, as in `{EXAMPLE}`")),
        })
    }

    fn named(word: &str) -> Result<Self, String> {
        if let Some((memory, ..)) = ALL.iter().find(|(_, short, _)| *short == word) {
            return Ok(*memory);
        }
        if let Some(short) = Self::short_for(word) {
            return Err(format!("`memory` is said already: write `op = memory({short})`"));
        }
        let known = ALL.map(|(_, short, _)| short);
        Err(format!("unknown operation on memories `{word}`{}", alternatives(word, &known)))
    }

    /// What is written for this name of the conventions.
    pub(super) fn short_for(name: &str) -> Option<&'static str> {
        let name = name.strip_prefix("gen_ai.").unwrap_or(name);
        ALL.iter().find(|(.., long)| *long == name).map(|(_, short, _)| *short)
    }

    /// By the name of the conventions.
    pub(super) fn operation(self) -> &'static str {
        ALL.iter().find(|(memory, ..)| *memory == self).map_or("", |(.., long)| long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<AiMemory, String>> {
        AiMemory::read(&syn::parse_str(text).unwrap())
    }

    #[test]
    fn each_word_leads_to_its_operation() {
        for (memory, short, long) in ALL {
            assert_eq!(read(&format!("memory({short})")), Some(Ok(memory)));
            assert_eq!(memory.operation(), long);
            let mistake = read(&format!("memory({long})")).unwrap().unwrap_err();
            assert!(mistake.contains(&format!("`op = memory({short})`")), "{mistake}");
        }
    }

    #[test]
    fn what_is_no_operation_on_memories() {
        assert_eq!(read("memory"), None);
        assert_eq!(read("other(search)"), None);
        assert!(read("memory(serach)").unwrap().unwrap_err().contains("did you mean `search`?"));
        for text in ["memory()", "memory(search, create)", "memory(5)"] {
            assert!(read(text).unwrap().unwrap_err().contains(EXAMPLE), "{text}");
        }
    }
}

//! Guesses the word that was meant.

/// `; did you mean `fields`?` when one of the candidates is close, nothing otherwise.
pub(crate) fn did_you_mean<'a, I>(word: &str, candidates: I) -> Option<String>
where
    I: IntoIterator<Item = &'a str>,
{
    nearest(word, candidates).map(|near| format!("; did you mean `{near}`?"))
}

/// The suggestion, or all candidates when none is close.
pub(crate) fn alternatives(word: &str, candidates: &[&str]) -> String {
    did_you_mean(word, candidates.iter().copied()).unwrap_or_else(|| expected_one_of(candidates))
}

fn expected_one_of(candidates: &[&str]) -> String {
    let quoted: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
    format!("; expected one of {}", quoted.join(", "))
}

fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of letters to insert, remove, replace or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let changed = usize::from(left[i - 1] != right[j - 1]);
            let mut best =
                (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + changed);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = ["op", "name", "fields", "tags", "child_only"];

    #[test]
    fn a_swapped_letter_finds_its_key() {
        assert_eq!(nearest("fileds", KEYS), Some("fields"));
        assert_eq!(nearest("nmae", KEYS), Some("name"));
        assert_eq!(nearest("childonly", KEYS), Some("child_only"));
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(nearest("Warning", ["debug", "warning"]), Some("warning"));
    }

    #[test]
    fn a_foreign_word_finds_nothing() {
        assert_eq!(nearest("skip_all", KEYS), None);
        assert_eq!(nearest("x", ["a", "b"]), None);
    }

    #[test]
    fn without_a_near_key_all_are_listed() {
        assert_eq!(alternatives("zzz", &["op", "name"]), "; expected one of `op`, `name`");
        assert_eq!(alternatives("nam", &["op", "name"]), "; did you mean `name`?");
    }
}

//! A copy of the crate in the work folder, with or without attributes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::find::{Found, find};

/// A source file below `src`.
pub(crate) struct SourceFile {
    /// As the compiler names it: below the crate's folder.
    pub(crate) path: PathBuf,
    text: String,
    pub(crate) found: Found,
}

pub(crate) struct CrateCopy {
    pub(crate) folder: PathBuf,
    pub(crate) files: Vec<SourceFile>,
    /// Files that can't be parsed, and so have no attributes.
    pub(crate) unreadable: Vec<PathBuf>,
}

impl CrateCopy {
    /// Copies the crate; `name` tells the copies apart.
    pub(crate) fn new(arguments: &Arguments, name: &str) -> Result<Self, String> {
        let folder = arguments.work.join(arguments.name()).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| failed("remove", &folder, &error))?;
        }
        copy_folder(&arguments.source, &folder)?;
        for path in &arguments.without {
            let path = folder.join(path);
            // The manifest may name it: it can't be missing.
            fs::write(&path, "").map_err(|error| failed("write", &path, &error))?;
        }
        // A workspace of its own, wherever the work folder is.
        append(&folder.join("Cargo.toml"), "\n[workspace]\n")?;
        let mut copy = Self { folder, files: Vec::new(), unreadable: Vec::new() };
        copy.read_folder(Path::new("src"))?;
        Ok(copy)
    }

    fn read_folder(&mut self, below: &Path) -> Result<(), String> {
        for path in entries(&self.folder.join(below))? {
            let below = below.join(path.file_name().unwrap_or_default());
            if path.is_dir() {
                self.read_folder(&below)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.read_file(below)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, below: PathBuf) -> Result<(), String> {
        let path = self.folder.join(&below);
        let text = fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
        match find(&text) {
            Ok(found) => self.files.push(SourceFile { path: below, text, found }),
            Err(_) => self.unreadable.push(below),
        }
        Ok(())
    }

    /// Adds the dependency, and links what has to be linked.
    pub(crate) fn depend(&self, arguments: &Arguments) -> Result<(), String> {
        let runtime = fs::canonicalize(&arguments.runtime)
            .map_err(|error| failed("find", &arguments.runtime, &error))?;
        let dependency = arguments.contestant.dependency(&runtime);
        append(&self.folder.join("Cargo.toml"), &format!("\n{dependency}"))
    }

    /// Writes every file with the attribute before each function that isn't left bare.
    pub(crate) fn annotate(
        &self,
        arguments: &Arguments,
        bare: &BTreeSet<(usize, usize)>,
    ) -> Result<(), String> {
        let contestant = arguments.contestant;
        for (number, file) in self.files.iter().enumerate() {
            let mut text =
                file.annotated(contestant.attribute(), |index| bare.contains(&(number, index)));
            if file.path == Path::new("src/lib.rs") {
                text.push_str(contestant.root_module());
            }
            let path = self.folder.join(&file.path);
            fs::write(&path, text).map_err(|error| failed("write", &path, &error))?;
        }
        Ok(())
    }

    /// Makes cargo build the crate again, and nothing else.
    pub(crate) fn touch(&self) -> Result<(), String> {
        touch(&self.folder.join("src/lib.rs"))
    }
}

/// As if the file had been written now.
pub(crate) fn touch(path: &Path) -> Result<(), String> {
    let now = std::time::SystemTime::now();
    let file = fs::File::options().append(true).open(path);
    file.and_then(|file| file.set_modified(now)).map_err(|error| failed("touch", path, &error))
}

impl SourceFile {
    fn annotated(&self, attribute: &str, is_bare: impl Fn(usize) -> bool) -> String {
        let functions = self.found.functions.iter().enumerate();
        let mut offsets: Vec<usize> =
            functions.filter(|(index, _)| !is_bare(*index)).map(|(_, one)| one.offset).collect();
        offsets.sort_unstable();
        let (mut text, mut from) = (String::new(), 0);
        for offset in offsets {
            text.push_str(&self.text[from..offset]);
            text.push_str(attribute);
            from = offset;
        }
        text + &self.text[from..]
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| failed("make", to, &error))?;
    for path in entries(from)? {
        let name = path.file_name().unwrap_or_default();
        // The lock file of the package may name older crates than those at hand.
        if name == "Cargo.lock" || name == "target" {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|error| failed("copy", &path, &error))?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let list = fs::read_dir(folder).map_err(|error| failed("list", folder, &error))?;
    let mut paths: Vec<PathBuf> = list.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn append(path: &Path, text: &str) -> Result<(), String> {
    let old = fs::read_to_string(path).map_err(|error| failed("read", path, &error))?;
    fs::write(path, old + text).map_err(|error| failed("write", path, &error))
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("can't {what} {}: {error}", path.display())
}

//! Puts an attribute before every function of a crate, and compares it with the bare crate.
//!
//! `annotate <unpacked crate> --with ours --work <folder>` prints a row of a Markdown table, and
//! below it whatever isn't the same.
//! `annotate cost` prints what the attributes cost the compiler.

mod arguments;
mod cargo;
mod compare;
mod contestant;
mod cost;
mod crate_copy;
mod find;
mod generated;
mod locate;
mod messages;
mod refused;
mod report;
mod test_output;

use std::path::Path;
use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("annotate: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.source == Path::new("cost") {
        print!("{}", cost::cost(arguments)?);
        return Ok(());
    }
    let outcome = compare::compare(arguments)?;
    print!("{}", report::report(arguments, &outcome));
    Ok(())
}

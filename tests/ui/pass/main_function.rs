//! `#[monitor_runtime::main]` on everything that `main` may be.
#![deny(warnings)]

use std::process::ExitCode;

mod above {
    #[monitor_runtime::main]
    #[tokio::main(flavor = "current_thread")]
    pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
        "7".parse::<u8>()?;
        Ok(())
    }
}

mod below {
    use monitor_runtime as renamed;

    #[tokio::main(flavor = "current_thread")]
    #[renamed::main(crate = renamed, config = renamed::Config::new())]
    pub async fn main() {}
}

mod never {
    #[monitor_runtime::main]
    pub fn main() -> ! {
        std::process::exit(0)
    }
}

/// Documented.
#[monitor_runtime::main(config = monitor_runtime::Config::from_env())]
fn main() -> ExitCode {
    let _ = never::main as fn() -> !;
    below::main();
    match above::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

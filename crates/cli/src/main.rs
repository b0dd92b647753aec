//! The binary. Everything is in the library beside it.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let guildhall = cli::Guildhall::parse();
    let filter =
        EnvFilter::try_new(&guildhall.settings.log).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(cli::run(guildhall)),
        Err(error) => {
            eprintln!("guildhall: cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

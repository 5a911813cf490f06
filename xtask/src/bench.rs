//! `cargo xtask bench`: what is measured and printed. Only sizes have a limit; times have none,
//! because they say as much about the machine as about the code.

mod browsers;
mod load;
pub(crate) mod sizes;

use crate::{
    failure::{Failure, Result},
    sdk::{self, Build},
    setup::coturn,
};

const ALL: [&str; 4] = ["sizes", "call", "chat", "turn"];

pub(crate) fn run(arguments: &[String]) -> Result {
    if let Some(unknown) = arguments.iter().find(|it| !ALL.contains(&it.as_str())) {
        return Err(Failure::new(format!(
            "`bench` knows {}, and not `{unknown}`.",
            ALL.join(", ")
        )));
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|it| it == name);
    if wanted("sizes") {
        sdk::package(Build::Release)?;
        sizes::run()?;
    }
    for name in ["call", "chat"] {
        if wanted(name) {
            browsers::run(name)?;
        }
    }
    if wanted("turn") {
        coturn::ensure()?;
    }
    for name in ["chat", "turn"] {
        if wanted(name) {
            load::run(name)?;
        }
    }
    Ok(())
}

//! `tellings user`: who may use the desk beyond its own machine.

use anyhow::{Result, bail};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tellings::store::{AuditRow, Database, Store, TokenRow, UserRow};
use tellings_desk::accounts::{self, ROLES};

/// Make and remove users of the desk: with users, `serve` may listen beyond this machine
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings user --store desk.db add anna --role reviewer                     prints a password for her
  tellings user --store desk.db password anna --password-stdin < secret      sets one of hers; her sessions end
  tellings user --store desk.db token anna --note notebook                   prints a token for programs and assistants
  tellings user --store desk.db list

Readers read; reviewers set right; admins see what was done, too. Passwords are kept as Argon2id hashes, tokens as SHA-256.")]
pub(crate) struct Args {
    /// The store
    #[arg(long, value_name = "FILE", default_value = "tellings.db", global = true)]
    store: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Make a user; prints a password, unless one is given
    Add {
        /// Letters, figures, `.`, `-`, `_`, `@`
        name: String,
        /// What the user may do
        #[arg(long, value_parser = ["reader", "reviewer", "admin"], default_value = "reader")]
        role: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users and their tokens
    List,
    /// Give a user another password
    Password {
        /// Who
        name: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user another role
    Role {
        /// Who
        name: String,
        /// What the user may do
        #[arg(value_parser = ["reader", "reviewer", "admin"])]
        role: String,
    },
    /// Make a token that programs show instead of a password; printed once
    Token {
        /// Whose
        name: String,
        /// What it is for
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Forget a token, by the first figures of its hash as `list` shows them
    Revoke {
        /// At least eight figures
        hash: String,
    },
    /// Remove a user, with tokens and sessions
    Remove {
        /// Who
        name: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut store = Database::open_existing(&args.store, Duration::from_secs(10))?;
    let mut out = std::io::stdout().lock();
    let known = |store: &Database, name: &str| -> Result<UserRow> {
        match store.users()?.into_iter().find(|u| u.name == name) {
            Some(user) => Ok(user),
            None => bail!("no user `{name}` in the store\nhint: `tellings user list` lists them"),
        }
    };
    let (name, done) = match &args.what {
        What::Add { name, role, password_stdin } => {
            if !accounts::is_name(name) {
                bail!("`{name}` is no name of a user: letters, figures, `.`, `-`, `_`, `@`, 40 at most");
            }
            if store.users()?.iter().any(|u| u.name == *name) {
                bail!("there is a user `{name}` already\nhint: `tellings user password {name}` gives another password");
            }
            let (password, made) = password(*password_stdin)?;
            let hash = accounts::password_hash(&password)?;
            store.keep_user(&UserRow { name: name.clone(), role: role.clone(), hash, made: accounts::now() })?;
            if made {
                writeln!(out, "{password}")?;
            }
            (name, format!("user added as {role}"))
        }
        What::List => {
            let tokens = store.tokens()?;
            for user in store.users()? {
                let role = ROLES.iter().find(|r| r.0 == user.role).map_or("unknown role", |r| r.0);
                writeln!(out, "{}  {role}  since {}", user.name, user.made)?;
                for token in tokens.iter().filter(|t| t.name == user.name) {
                    writeln!(
                        out,
                        "    token {}…  since {}  {}",
                        &token.hash[..12.min(token.hash.len())],
                        token.made,
                        token.note
                    )?;
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        What::Password { name, password_stdin } => {
            let user = known(&store, name)?;
            let (password, made) = password(*password_stdin)?;
            store.keep_user(&UserRow { hash: accounts::password_hash(&password)?, ..user })?;
            if made {
                writeln!(out, "{password}")?;
            }
            (name, "password set".to_string())
        }
        What::Role { name, role } => {
            let user = known(&store, name)?;
            store.keep_user(&UserRow { role: role.clone(), ..user })?;
            (name, format!("role set to {role}"))
        }
        What::Token { name, note } => {
            known(&store, name)?;
            let token = format!("tellings_{}", accounts::secret());
            let hash = accounts::token_hash(&token);
            store.keep_token(&TokenRow { hash, name: name.clone(), note: note.clone(), made: accounts::now() })?;
            writeln!(out, "{token}")?;
            (name, "token made".to_string())
        }
        What::Revoke { hash } => {
            let all: Vec<TokenRow> =
                store.tokens()?.into_iter().filter(|t| hash.len() >= 8 && t.hash.starts_with(hash)).collect();
            let [token] = all.as_slice() else { bail!("no single token begins with `{hash}`") };
            store.drop_token(&token.hash)?;
            (&token.name.clone(), "token forgotten".to_string())
        }
        What::Remove { name } => {
            if !store.drop_user(name)? {
                bail!("no user `{name}` in the store");
            }
            (name, "user removed".to_string())
        }
    };
    let row = AuditRow {
        made: accounts::now(),
        name: name.clone(),
        address: "this machine".into(),
        action: "user".into(),
        note: done.clone(),
    };
    store.audit(&row)?;
    out.flush()?;
    eprintln!("tellings: `{name}`: {done}");
    Ok(ExitCode::SUCCESS)
}

/// A password: the first line of standard input, or a new one; is it new?
fn password(given: bool) -> Result<(String, bool)> {
    if !given {
        return Ok((accounts::secret()[..24].to_string(), true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok((line.trim_end_matches(['\r', '\n']).to_string(), false))
}

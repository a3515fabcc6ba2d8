//! Who may use the desk, and what they did.

/// Somebody who may use the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserRow {
    /// Name; unique.
    pub name: String,
    /// `reader`, `reviewer` or `admin`.
    pub role: String,
    /// A password's hash as PHC strings have it.
    pub hash: String,
    /// When the user was made.
    pub made: String,
}

/// What a program shows instead of a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRow {
    /// Its hash.
    pub hash: String,
    /// Whose it is.
    pub name: String,
    /// What it is for.
    pub note: String,
    /// When it was made.
    pub made: String,
}

/// Something that was done, or refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub made: String,
    /// By whom; empty: nobody known.
    pub name: String,
    /// From where.
    pub address: String,
    /// `login`, `refused`, `logout`, `correct` …
    pub action: String,
    /// About what.
    pub note: String,
}

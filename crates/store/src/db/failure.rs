//! What can go wrong below an act, in words which are the same for both engines.

/// Why the database could not do what was asked. Cheap to clone, so that one broken commit can answer many acts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Somebody else was quicker, or the engine gave up on a conflict; the whole act may run again.
    #[error("the act lost a race with another one and may run again")]
    Again,
    /// Too many acts are waiting, or another process holds the database; worth a try a little later.
    #[error("too many acts are waiting; try again in a moment")]
    Busy,
    /// A row with this key is already there. The name is the same on both engines: the unique index's, or
    /// `<table>_pkey` and `<table>_<columns>_key` where none was given.
    #[error("a row with the same key is already there ({constraint})")]
    Conflict { constraint: String },
    /// No room on the disk. Nothing of the act was kept.
    #[error("the disk which holds the database is full")]
    Full,
    /// The database was migrated by a newer program; an older one must not write to it.
    #[error(
        "the database is at migration {database}, but this program knows only {program}; run a newer program"
    )]
    Newer { database: i64, program: i64 },
    /// The database cannot be reached, or the connection was lost and came back too late.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A mistake in the program, the text of a statement, or the data. Repeating it does not help.
    #[error("the database refused: {0}")]
    Broken(String),
}

impl DbError {
    /// Whether the same act may well succeed in a moment: lost races, fail-overs, restarts.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::Again | Self::Unreachable(_))
    }
}

/// What an act may fail with. The failure of a layer above wraps [`DbError`] and says when the act should run anew.
pub trait ActFailure: From<DbError> + Send + 'static {
    /// True when the whole act is to be run again, because a row changed between its reading and its writing.
    fn again(&self) -> bool;
}

impl ActFailure for DbError {
    fn again(&self) -> bool {
        matches!(self, Self::Again)
    }
}

//! People: signing up and in, sessions, addresses, notices, and who works for whom.

mod addresses;
mod members;
mod notices;
mod sessions;
mod sign_in;
mod sign_up;

pub use addresses::{
    BuyerAddress, add_address, choose_default_address, edit_address, list_addresses, load_address,
    remove_address,
};
pub use members::{Member, add_member, appoint, list_members, remove_member};
pub use notices::{Notice, count_unread, list_notices, mark_all_read, mark_read};
pub(crate) use sessions::load_caller;
pub use sessions::{
    NewSession, SessionSeen, caller_of_session, carry_sessions_over, end_other_sessions,
    end_session, forget_expired, form_token_of, list_sessions, sign_out,
};
pub(crate) use sign_in::ask_password_again;
pub use sign_in::{ChangePassword, SignIn, change_password, sign_in};
pub(crate) use sign_up::{CheckedPerson, insert_person};
pub use sign_up::{NewPerson, Profile, SignUp, change_profile, person_of_email, register, sign_up};

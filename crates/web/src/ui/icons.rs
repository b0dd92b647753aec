//! The icons: 20 × 20, one stroke, in the colour of the text beside them.
//!
//! An icon never stands alone for a meaning: a word is beside it, or the button has a label.

use maud::{Markup, PreEscaped, html};

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Appeal,
    Arrow,
    ArrowUp,
    Bag,
    Ban,
    Basket,
    Bell,
    Book,
    Box,
    Calendar,
    Camera,
    Chart,
    Chat,
    Check,
    CheckCircle,
    Chevron,
    Clock,
    Close,
    Copy,
    Document,
    Dots,
    Download,
    Edit,
    External,
    Eye,
    Filter,
    Flag,
    Gear,
    Globe,
    Hand,
    Heart,
    Home,
    Info,
    Key,
    Layers,
    Leaf,
    Ledger,
    Link,
    Lock,
    Mail,
    Menu,
    Minus,
    Money,
    Moon,
    Package,
    Pause,
    Phone,
    Pin,
    Plus,
    Printer,
    Qr,
    Question,
    Refund,
    Return,
    Scale,
    Scan,
    Search,
    Shield,
    Shirt,
    Shop,
    SignOut,
    Sort,
    Spark,
    Star,
    Sun,
    Tag,
    Truck,
    Undo,
    Upload,
    User,
    Users,
    Warehouse,
    Warning,
    Wallet,
}

/// What is drawn for each icon, a path in a square of 20, in the order of the icons.
const DRAWINGS: [(Icon, &str); 74] = [
    (Icon::Appeal, "M4 17h7M6.5 12.5l4-4M8 6l5 5M5.5 8.5L10 4l6 6-4.5 4.5M5.5 8.5l6 6"),
    (Icon::Arrow, "M4 10h12M11 5l5 5-5 5"),
    (Icon::ArrowUp, "M10 16V4M5 9l5-5 5 5"),
    (Icon::Bag, "M4.5 7h11l.8 10H3.7zM7 7a3 3 0 0 1 6 0"),
    (Icon::Ban, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.2 5.2l9.6 9.6"),
    (Icon::Basket, "M2.5 4h2l2 9h8.5l1.8-6.5H5.2M8 16.5a.6.6 0 1 0 0 .01M14 16.5a.6.6 0 1 0 0 .01"),
    (Icon::Bell, "M5 13.5V9a5 5 0 0 1 10 0v4.5l1.3 1.5H3.7zM8.5 17h3"),
    (
        Icon::Book,
        "M10 5.5C8.5 4.3 6 4 3 4v11.5c3 0 5.5.3 7 1.5 1.5-1.2 4-1.5 7-1.5V4c-3 0-5.5.3-7 1.5zM10 5.5V17",
    ),
    (Icon::Box, "M3 6.5L10 3l7 3.5v7L10 17l-7-3.5zM3 6.5l7 3.5 7-3.5M10 10v7"),
    (Icon::Calendar, "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5"),
    (Icon::Camera, "M3 6.5h3.5L8 4.5h4l1.5 2H17v9H3zM10 8a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 0 0 10 8z"),
    (Icon::Chart, "M3 17h14M5.5 14V9.5M10 14V4M14.5 14V7"),
    (Icon::Chat, "M3 4.5h14v9.5H9l-3.5 3v-3H3zM6.5 8h7M6.5 10.7h4.5"),
    (Icon::Check, "M4 10.5l4 4 8-9"),
    (Icon::CheckCircle, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM6.8 10.3l2.2 2.2 4.2-4.7"),
    (Icon::Chevron, "M7.5 5l5 5-5 5"),
    (Icon::Clock, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8"),
    (Icon::Close, "M5 5l10 10M15 5L5 15"),
    (Icon::Copy, "M7 7h9.5v9.5H7zM4.5 13h-1V3.5H13v1"),
    (Icon::Document, "M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15M7.5 10h5M7.5 13h5"),
    (Icon::Dots, "M4.5 10h.01M10 10h.01M15.5 10h.01"),
    (Icon::Download, "M10 3.5v9M6 8.7l4 4 4-4M4 16.5h12"),
    (Icon::Edit, "M4 16l.8-3.6L13.5 3.7l2.8 2.8L7.6 15.2zM11.5 5.7l2.8 2.8"),
    (Icon::External, "M11.5 4H16v4.5M16 4l-7 7M14 11.5V16H4V6h4.5"),
    (
        Icon::Eye,
        "M2.5 10C5 6 7.5 4.8 10 4.8S15 6 17.5 10c-2.5 4-5 5.2-7.5 5.2S5 14 2.5 10zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
    ),
    (Icon::Filter, "M3 5.5h14M6 10h8M8.5 14.5h3"),
    (Icon::Flag, "M5 17.5V3.5M5 4.2c4-2 6 2 10.5.3v7c-4.5 1.7-6.5-2.3-10.5-.3"),
    (
        Icon::Gear,
        "M10 7.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM8.6 3h2.8l.5 2 1.5.9 2-.6 1.4 2.4-1.5 1.4v1.8l1.5 1.4-1.4 2.4-2-.6-1.5.9-.5 2H8.6l-.5-2-1.5-.9-2 .6-1.4-2.4 1.5-1.4V9.1L3.2 7.7l1.4-2.4 2 .6 1.5-.9z",
    ),
    (
        Icon::Globe,
        "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7S7.8 5 10 3z",
    ),
    (
        Icon::Hand,
        "M6 10V5.5a1.2 1.2 0 0 1 2.4 0V9M8.4 9V4.2a1.2 1.2 0 0 1 2.4 0V9M10.8 9V5a1.2 1.2 0 0 1 2.4 0v5M13.2 8.5a1.2 1.2 0 0 1 2.4 0v3.5c0 3-2 5-5 5-2.6 0-3.8-1-5-3.2L4 10.7c.8-1 1.8-.6 2.4.5",
    ),
    (
        Icon::Heart,
        "M10 16.5S3 12.5 3 7.8C3 5.5 4.7 4 6.6 4 8 4 9.3 4.8 10 6.2 10.7 4.8 12 4 13.4 4 15.3 4 17 5.5 17 7.8c0 4.7-7 8.7-7 8.7z",
    ),
    (Icon::Home, "M3 9.5L10 3.5l7 6M5 8.5V16.5h3.8v-4.5h2.4v4.5H15V8.5"),
    (Icon::Info, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.2V13.5M10 6.6v.01"),
    (
        Icon::Key,
        "M13 3.5a3.7 3.7 0 0 0-3.5 4.9L3.5 14.4V16.5H6v-1.8h1.8v-1.8h1.7l1.3-1.3A3.7 3.7 0 1 0 13 3.5zM13.6 6.5v.01",
    ),
    (Icon::Layers, "M10 3.5l7 3.5-7 3.5L3 7zM3 10.3l7 3.5 7-3.5M3 13.3l7 3.5 7-3.5"),
    (Icon::Leaf, "M4.5 15.5C3.5 8.5 8 4.5 16.5 4c.3 8-3.5 12.5-9.5 11.5M4 17c1.5-4 4-6.5 7.5-8"),
    (Icon::Ledger, "M4 3h12v14H4zM7 3v14M9.5 7h4M9.5 10h4M9.5 13h2.5"),
    (
        Icon::Link,
        "M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2L10 5.8M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2L10 14.2",
    ),
    (Icon::Lock, "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9"),
    (Icon::Mail, "M3 5h14v10.5H3zM3.5 5.5L10 11l6.5-5.5"),
    (Icon::Menu, "M3 5.5h14M3 10h14M3 14.5h14"),
    (Icon::Minus, "M4.5 10h11"),
    (Icon::Money, "M2.5 5.5h15v9h-15zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5 8v.01M15 12v.01"),
    (Icon::Moon, "M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z"),
    (Icon::Package, "M3.5 6h13v10.5h-13zM3.5 6l2-2.5h9l2 2.5M8 6v4h4V6"),
    (Icon::Pause, "M7 4.5v11M13 4.5v11"),
    (
        Icon::Phone,
        "M6.5 2.5h7a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM9 15h2",
    ),
    (
        Icon::Pin,
        "M10 17.5s5.5-5 5.5-9a5.5 5.5 0 0 0-11 0c0 4 5.5 9 5.5 9zM10 6.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    ),
    (Icon::Plus, "M10 4.5v11M4.5 10h11"),
    (Icon::Printer, "M6 7.5V3.5h8v4M6 14H3.5V7.5h13V14H14M6 11.5h8v5.5H6z"),
    (
        Icon::Qr,
        "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h2v2h-2zM16.5 11.5v.01M14.5 14.5v2M16.5 14.5v2",
    ),
    (
        Icon::Question,
        "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM8 8a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.1v.5M10 13.8v.01",
    ),
    (Icon::Refund, "M4 8h8.5a3.7 3.7 0 0 1 0 7.5H7M4 8l3.5-3.5M4 8l3.5 3.5"),
    (
        Icon::Return,
        "M3 6.5L10 3l7 3.5v4M3 6.5l7 3.5 7-3.5M3 6.5v7L10 17v-7M12.5 14.5h5M14.5 12.5l-2 2 2 2",
    ),
    (
        Icon::Scale,
        "M10 3.5v13M6 16.5h8M4 6l6-1 6 1M4 6l-2 5.5c.8 1 3.2 1 4 0zM16 6l-2 5.5c.8 1 3.2 1 4 0z",
    ),
    (
        Icon::Scan,
        "M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13M6.5 7v6M9 7v6M11 7v6M13.5 7v6",
    ),
    (Icon::Search, "M8.8 3.5a5.3 5.3 0 1 0 0 10.6 5.3 5.3 0 0 0 0-10.6zM12.7 12.7l4 4"),
    (Icon::Shield, "M10 3l6 2v5c0 3.5-2.3 5.8-6 7-3.7-1.2-6-3.5-6-7V5zM7.3 10l2 2 3.5-4"),
    (
        Icon::Shirt,
        "M7 3.5L3 6l1.5 3.5L6 9v7.5h8V9l1.5.5L17 6l-4-2.5c-.5 1.3-1.6 2-3 2s-2.5-.7-3-2z",
    ),
    (
        Icon::Shop,
        "M4 9v7.5h12V9M3 7.5L4.5 3.5h11L17 7.5a1.8 1.8 0 0 1-3.5 0 1.8 1.8 0 0 1-3.5 0 1.8 1.8 0 0 1-3.5 0 1.8 1.8 0 0 1-3.5 0zM8 16.5V12h4v4.5",
    ),
    (Icon::SignOut, "M8 3.5H4v13h4M8.5 10H17M13.5 6.5L17 10l-3.5 3.5"),
    (Icon::Sort, "M6.5 4v12M3.5 13l3 3 3-3M13.5 16V4M10.5 7l3-3 3 3"),
    (Icon::Spark, "M10 3l1.7 5.3L17 10l-5.3 1.7L10 17l-1.7-5.3L3 10l5.3-1.7z"),
    (Icon::Star, "M10 3l2.2 4.6 5 .7-3.6 3.5.9 5L10 14.4 5.5 16.8l.9-5L2.8 8.3l5-.7z"),
    (
        Icon::Sun,
        "M10 6.7a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1",
    ),
    (Icon::Tag, "M3 3.5h6.5L17 11l-6 6-8-7.5zM6.5 6.8v.01"),
    (
        Icon::Truck,
        "M2 5h9.5v9H2zM11.5 8h3.5l3 3v3h-6.5M5.5 14a1.7 1.7 0 1 0 .01 0zM14.5 14a1.7 1.7 0 1 0 .01 0z",
    ),
    (Icon::Undo, "M4 8h8.5a3.7 3.7 0 0 1 0 7.5H8M4 8l3.5-3.5M4 8l3.5 3.5"),
    (Icon::Upload, "M10 13V4M6 7.7l4-4 4 4M4 16.5h12"),
    (
        Icon::User,
        "M10 3.5a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6zM3.5 16.8c.8-3.2 3.2-4.5 6.5-4.5s5.7 1.3 6.5 4.5",
    ),
    (
        Icon::Users,
        "M7.5 4a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM2.5 16c.5-2.8 2.3-4 5-4s4.5 1.2 5 4M12.5 4.3a2.7 2.7 0 0 1 0 5M14.5 12.3c1.8.5 2.7 1.7 3 3.7",
    ),
    (Icon::Warehouse, "M3 16.5V7L10 3.5 17 7v9.5M6 16.5V10h8v6.5M6 13.2h8"),
    (Icon::Warning, "M10 3.5l7.5 13h-15zM10 8.5v3.8M10 14.2v.01"),
    (Icon::Wallet, "M3 6h13.5v10.5H3zM3 6l9.5-2.5V6M13 10.5h3.5v2.5H13z"),
];

impl Icon {
    /// Every icon.
    pub fn all() -> impl Iterator<Item = Icon> {
        DRAWINGS.iter().map(|(icon, _)| *icon)
    }

    /// The path in a square of 20.
    const fn path(self) -> &'static str {
        DRAWINGS[self as usize].1
    }
}

/// The icon, hidden from screen readers because a word stands beside it.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            path d=(PreEscaped(icon.path())) {}
        }
    }
}

/// The house's mark: a guildhall's gable with a beam balance under it.
pub fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false" {
            path fill="currentColor" d="M16 2 29 10v3H3v-3zM5 27h22v3H5z" {}
            path fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"
                d="M16 13v14M8 16.5h16M8 16.5l-2.7 5.5h5.4zM24 16.5l-2.7 5.5h5.4z" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_icon_has_the_drawing_at_its_place() {
        for (place, (icon, path)) in DRAWINGS.iter().enumerate() {
            assert_eq!(*icon as usize, place, "{icon:?}");
            assert!(path.starts_with('M'), "{icon:?}");
        }
    }
}

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
    (Icon::Appeal, "M4 17h7M6.5 12.5l4-4M8 6l5 5M5.5 8.5L10 4l6 6-4.5 4.500M5.500 8.500l6 6"),
    (Icon::Arrow, "M4 10h12M11 5l5 5-5 5"),
    (Icon::ArrowUp, "M10 16V4M5 9l5-5 5 5"),
    (Icon::Bag, "M4.500 7h11l.8 10H3.700zM7 7a3 3 0 0 1 6 0"),
    (Icon::Ban, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.200 5.200l9.600 9.600"),
    (
        Icon::Basket,
        "M2.500 4h2l2 9h8.500l1.800-6.500H5.200M8 16.500a.6.6 0 1 0 0 .01M14 16.500a.6.6 0 1 0 0 .01",
    ),
    (Icon::Bell, "M5 13.500V9a5 5 0 0 1 10 0v4.500l1.300 1.500H3.700zM8.500 17h3"),
    (
        Icon::Book,
        "M10 5.500C8.500 4.300 6 4 3 4v11.500c3 0 5.500.3 7 1.500 1.500-1.200 4-1.500 7-1.500V4c-3 0-5.500.3-7 1.500zM10 5.500V17",
    ),
    (Icon::Box, "M3 6.500L10 3l7 3.500v7L10 17l-7-3.500zM3 6.500l7 3.500 7-3.500M10 10v7"),
    (Icon::Calendar, "M3.500 5h13v11.500h-13zM3.500 8.500h13M7 3v3.500M13 3v3.500"),
    (
        Icon::Camera,
        "M3 6.500h3.500L8 4.500h4l1.500 2H17v9H3zM10 8a2.800 2.800 0 1 0 0 5.600A2.800 2.800 0 0 0 10 8z",
    ),
    (Icon::Chart, "M3 17h14M5.500 14V9.500M10 14V4M14.500 14V7"),
    (Icon::Chat, "M3 4.500h14v9.500H9l-3.500 3v-3H3zM6.500 8h7M6.500 10.700h4.500"),
    (Icon::Check, "M4 10.500l4 4 8-9"),
    (
        Icon::CheckCircle,
        "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM6.800 10.300l2.200 2.200 4.200-4.700",
    ),
    (Icon::Chevron, "M7.500 5l5 5-5 5"),
    (Icon::Clock, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.200l2.800 1.800"),
    (Icon::Close, "M5 5l10 10M15 5L5 15"),
    (Icon::Copy, "M7 7h9.500v9.500H7zM4.500 13h-1V3.500H13v1"),
    (Icon::Document, "M5 3h6.500L15 6.500V17H5zM11.500 3v3.500H15M7.500 10h5M7.500 13h5"),
    (Icon::Dots, "M4.500 10h.01M10 10h.01M15.500 10h.01"),
    (Icon::Download, "M10 3.500v9M6 8.700l4 4 4-4M4 16.500h12"),
    (Icon::Edit, "M4 16l.8-3.600L13.500 3.700l2.800 2.800L7.600 15.200zM11.500 5.700l2.800 2.800"),
    (Icon::External, "M11.500 4H16v4.500M16 4l-7 7M14 11.500V16H4V6h4.500"),
    (
        Icon::Eye,
        "M2.500 10C5 6 7.500 4.800 10 4.800S15 6 17.500 10c-2.500 4-5 5.200-7.500 5.200S5 14 2.500 10zM10 7.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z",
    ),
    (Icon::Filter, "M3 5.500h14M6 10h8M8.500 14.500h3"),
    (Icon::Flag, "M5 17.500V3.500M5 4.200c4-2 6 2 10.500.3v7c-4.500 1.700-6.500-2.300-10.500-.3"),
    (
        Icon::Gear,
        "M10 7.300a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400zM8.600 3h2.800l.5 2 1.500.9 2-.6 1.400 2.400-1.500 1.400v1.800l1.500 1.400-1.400 2.400-2-.6-1.500.9-.5 2H8.600l-.5-2-1.500-.9-2 .6-1.400-2.400 1.500-1.400V9.100L3.200 7.700l1.400-2.400 2 .6 1.500-.9z",
    ),
    (
        Icon::Globe,
        "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2.200 2 3.200 4.300 3.200 7s-1 5-3.200 7c-2.200-2-3.200-4.300-3.200-7S7.800 5 10 3z",
    ),
    (
        Icon::Hand,
        "M6 10V5.500a1.200 1.200 0 0 1 2.400 0V9M8.400 9V4.200a1.200 1.200 0 0 1 2.400 0V9M10.800 9V5a1.200 1.200 0 0 1 2.400 0v5M13.200 8.500a1.200 1.200 0 0 1 2.400 0v3.500c0 3-2 5-5 5-2.600 0-3.800-1-5-3.200L4 10.700c.8-1 1.800-.6 2.400.5",
    ),
    (
        Icon::Heart,
        "M10 16.500S3 12.500 3 7.800C3 5.500 4.700 4 6.600 4 8 4 9.300 4.800 10 6.200 10.700 4.800 12 4 13.400 4 15.300 4 17 5.500 17 7.800c0 4.700-7 8.700-7 8.700z",
    ),
    (Icon::Home, "M3 9.500L10 3.500l7 6M5 8.500V16.500h3.800v-4.500h2.400v4.500H15V8.500"),
    (Icon::Info, "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.200V13.500M10 6.600v.01"),
    (
        Icon::Key,
        "M13 3.500a3.700 3.700 0 0 0-3.500 4.900L3.500 14.400V16.500H6v-1.800h1.800v-1.800h1.700l1.300-1.300A3.700 3.700 0 1 0 13 3.500zM13.600 6.500v.01",
    ),
    (
        Icon::Layers,
        "M10 3.500l7 3.500-7 3.500L3 7zM3 10.300l7 3.500 7-3.500M3 13.300l7 3.500 7-3.500",
    ),
    (
        Icon::Leaf,
        "M4.500 15.500C3.500 8.500 8 4.500 16.500 4c.3 8-3.500 12.500-9.500 11.500M4 17c1.500-4 4-6.500 7.500-8",
    ),
    (Icon::Ledger, "M4 3h12v14H4zM7 3v14M9.500 7h4M9.500 10h4M9.500 13h2.500"),
    (
        Icon::Link,
        "M8.500 11.500a3 3 0 0 0 4.200 0l2.600-2.600a3 3 0 0 0-4.200-4.200L10 5.800M11.500 8.500a3 3 0 0 0-4.200 0l-2.600 2.600a3 3 0 0 0 4.200 4.200L10 14.200",
    ),
    (Icon::Lock, "M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9"),
    (Icon::Mail, "M3 5h14v10.500H3zM3.500 5.500L10 11l6.500-5.500"),
    (Icon::Menu, "M3 5.500h14M3 10h14M3 14.500h14"),
    (Icon::Minus, "M4.500 10h11"),
    (Icon::Money, "M2.500 5.500h15v9h-15zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5 8v.01M15 12v.01"),
    (Icon::Moon, "M16.500 11.800A6.800 6.800 0 0 1 8.200 3.500a6.800 6.800 0 1 0 8.300 8.300z"),
    (Icon::Package, "M3.500 6h13v10.500h-13zM3.500 6l2-2.500h9l2 2.500M8 6v4h4V6"),
    (Icon::Pause, "M7 4.500v11M13 4.500v11"),
    (
        Icon::Phone,
        "M6.500 2.500h7a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM9 15h2",
    ),
    (
        Icon::Pin,
        "M10 17.500s5.500-5 5.500-9a5.500 5.500 0 0 0-11 0c0 4 5.500 9 5.500 9zM10 6.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    ),
    (Icon::Plus, "M10 4.500v11M4.500 10h11"),
    (Icon::Printer, "M6 7.500V3.500h8v4M6 14H3.500V7.500h13V14H14M6 11.500h8v5.500H6z"),
    (
        Icon::Qr,
        "M3.500 3.500h5v5h-5zM11.500 3.500h5v5h-5zM3.500 11.500h5v5h-5zM11.500 11.500h2v2h-2zM16.500 11.500v.01M14.500 14.500v2M16.500 14.500v2",
    ),
    (
        Icon::Question,
        "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM8 8a2 2 0 1 1 2.800 1.900c-.5.2-.8.6-.8 1.100v.5M10 13.800v.01",
    ),
    (Icon::Refund, "M4 8h8.500a3.700 3.700 0 0 1 0 7.500H7M4 8l3.500-3.500M4 8l3.500 3.500"),
    (
        Icon::Return,
        "M3 6.500L10 3l7 3.500v4M3 6.500l7 3.500 7-3.500M3 6.500v7L10 17v-7M12.500 14.500h5M14.500 12.500l-2 2 2 2",
    ),
    (
        Icon::Scale,
        "M10 3.500v13M6 16.500h8M4 6l6-1 6 1M4 6l-2 5.500c.8 1 3.200 1 4 0zM16 6l-2 5.500c.8 1 3.200 1 4 0z",
    ),
    (
        Icon::Scan,
        "M3.500 7V3.500H7M13 3.500h3.500V7M16.500 13v3.500H13M7 16.500H3.500V13M6.500 7v6M9 7v6M11 7v6M13.500 7v6",
    ),
    (
        Icon::Search,
        "M8.800 3.500a5.300 5.300 0 1 0 0 10.600 5.300 5.300 0 0 0 0-10.600zM12.700 12.700l4 4",
    ),
    (
        Icon::Shield,
        "M10 3l6 2v5c0 3.500-2.300 5.800-6 7-3.700-1.200-6-3.500-6-7V5zM7.300 10l2 2 3.500-4",
    ),
    (
        Icon::Shirt,
        "M7 3.500L3 6l1.500 3.500L6 9v7.500h8V9l1.500.5L17 6l-4-2.500c-.5 1.300-1.600 2-3 2s-2.500-.7-3-2z",
    ),
    (
        Icon::Shop,
        "M4 9v7.500h12V9M3 7.500L4.500 3.500h11L17 7.500a1.800 1.800 0 0 1-3.500 0 1.800 1.800 0 0 1-3.500 0 1.800 1.800 0 0 1-3.500 0 1.800 1.800 0 0 1-3.500 0zM8 16.500V12h4v4.500",
    ),
    (Icon::SignOut, "M8 3.500H4v13h4M8.500 10H17M13.500 6.500L17 10l-3.500 3.500"),
    (Icon::Sort, "M6.500 4v12M3.500 13l3 3 3-3M13.500 16V4M10.500 7l3-3 3 3"),
    (Icon::Spark, "M10 3l1.700 5.300L17 10l-5.300 1.700L10 17l-1.700-5.300L3 10l5.300-1.700z"),
    (
        Icon::Star,
        "M10 3l2.200 4.600 5 .7-3.600 3.500.9 5L10 14.400 5.500 16.800l.9-5L2.800 8.300l5-.7z",
    ),
    (
        Icon::Sun,
        "M10 6.700a3.300 3.300 0 1 0 0 6.600 3.300 3.300 0 0 0 0-6.600zM10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1",
    ),
    (Icon::Tag, "M3 3.500h6.500L17 11l-6 6-8-7.500zM6.500 6.800v.01"),
    (
        Icon::Truck,
        "M2 5h9.500v9H2zM11.500 8h3.500l3 3v3h-6.500M5.500 14a1.700 1.700 0 1 0 .01 0zM14.500 14a1.700 1.700 0 1 0 .01 0z",
    ),
    (Icon::Undo, "M4 8h8.500a3.700 3.700 0 0 1 0 7.500H8M4 8l3.500-3.500M4 8l3.500 3.500"),
    (Icon::Upload, "M10 13V4M6 7.700l4-4 4 4M4 16.500h12"),
    (
        Icon::User,
        "M10 3.500a3.300 3.300 0 1 0 0 6.600 3.300 3.300 0 0 0 0-6.600zM3.500 16.800c.8-3.200 3.200-4.500 6.500-4.500s5.700 1.300 6.500 4.500",
    ),
    (
        Icon::Users,
        "M7.500 4a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM2.500 16c.5-2.800 2.300-4 5-4s4.500 1.200 5 4M12.500 4.300a2.700 2.700 0 0 1 0 5M14.500 12.300c1.800.5 2.700 1.700 3 3.700",
    ),
    (Icon::Warehouse, "M3 16.500V7L10 3.500 17 7v9.500M6 16.500V10h8v6.500M6 13.200h8"),
    (Icon::Warning, "M10 3.500l7.500 13h-15zM10 8.500v3.800M10 14.200v.01"),
    (Icon::Wallet, "M3 6h13.500v10.500H3zM3 6l9.500-2.500V6M13 10.500h3.500v2.500H13z"),
];

impl Icon {
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
                d="M16 13v14M8 16.500h16M8 16.500l-2.700 5.500h5.400zM24 16.500l-2.700 5.500h5.400z" {}
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

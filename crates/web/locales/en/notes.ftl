# A shop's own notes and marks on orders, and the search by many numbers.
notes-title = Only for the shop
notes-lead = The buyer never sees this. Notes stay as they were written.
notes-mark = Mark
notes-mark-none = No mark
notes-mark-any = Any mark
notes-mark-red = Red
notes-mark-amber = Amber
notes-mark-green = Green
notes-mark-blue = Blue
notes-mark-violet = Violet
notes-mark-word = Word beside it
notes-mark-do = Set the mark
notes-new = New note
notes-write = Add the note
notes-none = Nothing written yet.
notes-marked = Marked
notes-unmarked = The mark was taken off
said-notes-written = The note is kept.
said-notes-marked = The mark is set.
search-not-found = { $count ->
    [one] One number was not found: { $numbers }
   *[other] { $count } numbers were not found: { $numbers }
}

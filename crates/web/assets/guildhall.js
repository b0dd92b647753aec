// Guildhall's own script: countdowns, the command palette, two-key jumps, copying, choosing rows.
// Every page works without it; it only makes them quicker.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // Countdowns. The server's clock may be a moved sandbox clock, so only differences are used.
  const loaded = Date.now();
  const length = (ms, [days, hours, minutes, under]) => {
    const total = Math.floor(Math.abs(ms) / 60000);
    const d = Math.floor(total / 1440), h = Math.floor((total % 1440) / 60), m = total % 60;
    if (d > 0) return h > 0 ? `${d} ${days} ${h} ${hours}` : `${d} ${days}`;
    if (h > 0) return m > 0 ? `${h} ${hours} ${m} ${minutes}` : `${h} ${hours}`;
    return m > 0 ? `${m} ${minutes}` : under;
  };
  const tick = () => {
    for (const time of all("time[data-countdown]")) {
      const { countdown, now, left, late, units } = time.dataset;
      const rest = Number(countdown) - (Number(now) + Date.now() - loaded);
      const text = (rest >= 0 ? left : late).replace("%", length(rest, units.split("|")));
      if (time.textContent !== text) time.textContent = text;
      const chip = time.closest(".countdown, .deadline");
      if (chip && rest < 0) chip.classList.replace("soon", "bad");
      if (chip && rest >= 0 && rest < 86400000) chip.classList.replace("quiet", "soon");
    }
  };
  tick();
  setInterval(tick, 20000);

  // Copy buttons.
  for (const button of all("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.getAttribute("aria-label");
      button.setAttribute("aria-label", button.dataset.done);
      button.classList.add("done");
      setTimeout(() => {
        button.setAttribute("aria-label", label);
        button.classList.remove("done");
      }, 1500);
    });
  }

  // Choosing rows: all at once, a count, and Shift for a range.
  for (const form of all("form[data-chosen]")) {
    const boxes = all("input[name=chosen]", form);
    const whole = form.querySelector("[data-choose-all]");
    const count = form.querySelector("[data-chosen-count]");
    const plain = count.textContent;
    let last = null;
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      whole.checked = chosen > 0 && chosen === boxes.length;
      whole.indeterminate = chosen > 0 && chosen < boxes.length;
      count.textContent = chosen > 0 ? count.dataset.chosenCount.replace("%", chosen) : plain;
      form.classList.toggle("some", chosen > 0);
    };
    whole.hidden = boxes.length === 0;
    whole.addEventListener("change", () => {
      for (const box of boxes) box.checked = whole.checked;
      show();
    });
    boxes.forEach((box, place) => box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(last, place), Math.max(last, place)];
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = place;
      show();
    }));
    show();
  }

  // Pictures of a product change in place.
  for (const link of all("[data-picture]")) {
    link.addEventListener("click", (event) => {
      const large = document.querySelector("[data-picture-large]");
      if (!large || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      large.src = link.dataset.picture;
      large.alt = link.querySelector("img").alt;
      for (const other of all("[data-picture][aria-current]")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  }

  // A select or tick marked so sends its form at once.
  for (const control of all("[data-sends]")) {
    control.addEventListener("change", () => control.form.requestSubmit());
  }

  // A form which was sent once is not sent twice by a double click.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 4000);
    });
  }

  // The command palette, and `g` then a letter.
  const dialog = document.querySelector("[data-palette-dialog]");
  const field = dialog && dialog.querySelector("input");
  const entries = dialog ? all("li", dialog) : [];
  const narrow = () => {
    const wanted = field.value.trim().toLowerCase();
    for (const entry of entries) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    mark(entries.find((entry) => !entry.hidden));
  };
  const mark = (entry) => {
    for (const other of entries) other.classList.toggle("marked", other === entry);
  };
  const open = () => {
    if (!dialog || dialog.open) return;
    field.value = "";
    narrow();
    dialog.showModal();
    field.focus();
  };
  for (const button of all("[data-palette]")) {
    button.hidden = !dialog;
    button.addEventListener("click", open);
  }
  if (dialog) {
    field.addEventListener("input", narrow);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    field.addEventListener("keydown", (event) => {
      const shown = entries.filter((entry) => !entry.hidden);
      const place = shown.findIndex((entry) => entry.classList.contains("marked"));
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : shown.length - 1;
        mark(shown[(place + step) % shown.length]);
      } else if (event.key === "Enter") {
        event.preventDefault();
        const digits = field.value.replace(/[\s-]/g, "");
        const orders = all("a[data-key=o]", dialog)[0];
        if (/^\d{6,}$/.test(digits) && orders) location.href = `${orders.getAttribute("href")}/${digits}`;
        else if (shown[place]) shown[place].querySelector("a").click();
      }
    });
  }
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.metaKey || event.ctrlKey || event.altKey || (dialog && dialog.open)) return;
    if (waiting && Date.now() - waiting < 1200) {
      waiting = 0;
      const place = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
      if (place) place.click();
    } else if (event.key === "g") {
      waiting = Date.now();
    } else if (event.key === "?") {
      open();
    } else if (event.key === "/") {
      const search = document.querySelector("main input[type=search], [data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
})();

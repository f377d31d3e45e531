// A softphone hands the caller's number over behind the # of the address, which no browser sends to a
// server: it goes into the field, and out of the address and the history. Without this file the
// number is typed.
const handed = plain(location.hash.slice(1)).normalize("NFKC").replace(/^(web\+guiyan|tel|call)[:=]/, "");
const field = document.getElementById("id_number");
if (handed) {
  history.replaceState(null, "", location.pathname + location.search);
  if (field && /^[+\d()\-\s]{5,30}$/.test(handed)) {
    field.value = handed;
    document.querySelector("#id_kind input")?.focus();
  }
}

// While the cursor stands on what the call is about, its figure chooses it; without this file the
// space bar, the arrows and the access keys do.
document.getElementById("id_kind")?.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  const chosen = document.querySelector(`#id_kind input[accesskey="${event.key}"]`);
  if (!chosen) return;
  chosen.click();
  chosen.focus();
});

// What a softphone wrote with a broken % is no number, and stops nothing else.
function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// One press copies a text, and says so. Without this file there is no button: the text is marked and
// copied by hand.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    return document.execCommand("copy"); // where the page did not come over https
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    said.textContent = (await copied(text)) ? said.dataset.done : said.dataset.byHand;
  });
}

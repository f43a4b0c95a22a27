// A pad of big digits above the field, for fingers; typing works as well.
const field = document.getElementById("pin");
const pad = document.getElementById("pad");

pad.hidden = false;
document.getElementById("enter").hidden = true;
// With the pad there, a phone's own keyboard would only cover it.
if (matchMedia("(pointer: coarse)").matches) {
  field.inputMode = "none";
}

pad.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (!button) return;
  field.value = "delete" in button.dataset
    ? field.value.slice(0, -1)
    : (field.value + button.dataset.digit).slice(0, field.maxLength);
});

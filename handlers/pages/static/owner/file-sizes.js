// Files that are larger together than the server takes: told beside their field, before all that was
// typed is sent with them, and lost.
const { bytesMax, words } = document.currentScript.dataset;
// What is typed takes room, too.
const TYPED_BYTES = 200_000;

const bytesOf = (field) => [...field.files].reduce((sum, file) => sum + file.size, 0);

// The field with the largest of them; null where all are taken.
function tooLarge(form) {
  const fields = [...form.querySelectorAll('input[type="file"]')];
  const sum = fields.reduce((bytes, field) => bytes + bytesOf(field), 0);
  if (sum <= Number(bytesMax) - TYPED_BYTES) return null;
  return fields.reduce((one, other) => (bytesOf(other) > bytesOf(one) ? other : one));
}

function tell(form) {
  for (const said of form.querySelectorAll(".files-large")) said.remove();
  const field = tooLarge(form);
  if (field === null) return null;
  const said = document.createElement("p");
  said.className = "wrong files-large";
  said.setAttribute("role", "alert");
  said.textContent = words;
  field.after(said);
  return field;
}

document.addEventListener("change", ({ target }) => {
  if (target.type === "file" && target.form) tell(target.form);
});

document.addEventListener(
  "submit",
  (event) => {
    const field = tell(event.target);
    if (field === null) return;
    event.preventDefault();
    field.focus();
  },
  true,
);

// What is seen while one types needs none that can't be taken.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form && tooLarge(form)) event.preventDefault();
});

/** The photos taken so far, as small pictures that can be taken away again. */
import { fileProblem } from "./upload.js";

/** ``onChange(photos, problems)`` hears of every change; photos are [{subject, file}]. */
export function makeTrays(form, { maxBytes, words, onChange }) {
  const photos = [];

  function add(subject, files) {
    const problems = [];
    for (const file of files) {
      const problem = fileProblem(file, { maxBytes, words });
      if (problem) problems.push(problem);
      else show({ subject, file });
    }
    onChange(photos, problems);
  }

  function show(photo) {
    photos.push(photo);
    const url = URL.createObjectURL(photo.file);
    const item = document.createElement("li");
    const image = Object.assign(new Image(), { src: url, alt: photo.file.name });
    const remove = Object.assign(document.createElement("button"), { type: "button" });
    remove.setAttribute("aria-label", words.remove);
    remove.addEventListener("click", () => {
      photos.splice(photos.indexOf(photo), 1);
      URL.revokeObjectURL(url);
      item.remove();
      onChange(photos, []);
    });
    image.addEventListener("error", () => image.replaceWith(nameOf(photo.file)));
    item.append(image, remove);
    form.querySelector(`[data-tray="${photo.subject}"]`).append(item);
  }

  for (const input of form.querySelectorAll("input[type=file][data-subject]")) {
    input.addEventListener("change", () => {
      add(input.dataset.subject, [...input.files]);
      input.value = ""; // the next photo of the same name is a change again
    });
  }
  return photos;
}

/** HEIC cannot be drawn by most browsers: its name stands in. */
function nameOf(file) {
  const box = Object.assign(document.createElement("span"), { className: "no-picture" });
  box.textContent = file.name;
  return box;
}

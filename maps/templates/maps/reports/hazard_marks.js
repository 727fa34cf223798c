(function () {
  var marks = {{ marks|safe }}, words = {{ words|safe }}, rows = {{ rows|safe }};
  var isPhone = window.innerWidth < 700;
  if (isPhone) document.querySelector(".sheet-legend").removeAttribute("open");
  {{ map }}.fitBounds({{ extent|safe }}, isPhone
    ? { paddingTopLeft: [10, 170], paddingBottomRight: [10, 70] }
    : { paddingTopLeft: [300, 80], paddingBottomRight: [20, 30] });
  function text(parent, tag, value) {
    var element = document.createElement(tag);
    element.textContent = value;
    parent.appendChild(element);
  }
  rows.forEach(function (row) {
    var svg = '<svg viewBox="0 0 16 16" width="18" height="18">' + marks[row[2]] + "</svg>";
    var icon = L.divIcon({ className: "mark", html: svg, iconSize: [26, 26] });
    var title = (row[4] || row[3]) + " · " + words.verdicts[row[2]];
    var marker = L.marker([row[0], row[1]], { icon: icon, title: title, alt: title });
    marker.bindPopup(function () {
      var box = document.createElement("div");
      text(box, "strong", row[4] || row[3]);
      text(box, "div", row[3] + " · " + words.kinds[row[5]]);
      text(box, "div", words.verdicts[row[2]]);
      return box;
    });
    {{ cluster }}.addLayer(marker);
  });
})();

// Draws the flow of a procedure with Mermaid, in the colours of the page.

const setup = JSON.parse(document.getElementById('setup').textContent);
const flow = document.getElementById('flow');
const dark = matchMedia('(prefers-color-scheme: dark)');
const STEP = 1.25;
const LEGIBLE = 0.8;
let natural = { width: 0, height: 0 };
let scale = 1;

/** The theme's colours, taken from the page's. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    darkMode: dark.matches,
    background: colour('card'),
    primaryColor: colour('bubble'),
    primaryTextColor: colour('ink'),
    primaryBorderColor: colour('control'),
    lineColor: colour('quiet'),
    textColor: colour('ink'),
    edgeLabelBackground: colour('card'),
    tertiaryColor: colour('field'),
    fontFamily: colour('font'),
    fontSize: '14px',
  };
}

/** Draws it anew; the drawing is an image to those who hear the page, for the list says the same. */
async function draw() {
  window.mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: 'base',
    themeVariables: theme(),
    flowchart: { useMaxWidth: false, wrappingWidth: 230, nodeSpacing: 30, rankSpacing: 40, padding: 10 },
  });
  const { svg } = await window.mermaid.render('drawn', setup.flow);
  flow.innerHTML = svg;
  const drawn = flow.querySelector('svg');
  const { width, height } = drawn.viewBox.baseVal;
  natural = { width, height };
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', setup.title);
  zoom(scale);
  document.getElementById('zoom').hidden = false;
}

/** Shows the drawing at a scale, and keeps what is in the middle there. */
function zoom(to) {
  const drawn = flow.querySelector('svg');
  const [x, y] = [middle(flow.scrollLeft, flow.clientWidth, flow.scrollWidth), middle(flow.scrollTop, flow.clientHeight, flow.scrollHeight)];
  scale = Math.min(4, Math.max(0.1, to));
  drawn.style.width = `${natural.width * scale}px`;
  drawn.style.height = `${natural.height * scale}px`;
  flow.scrollLeft = x * flow.scrollWidth - flow.clientWidth / 2;
  flow.scrollTop = y * flow.scrollHeight - flow.clientHeight / 2;
}

function middle(start, seen, whole) {
  return (start + seen / 2) / whole;
}

/** The scale at which the drawing is as wide as its frame. */
function fitting() {
  const { paddingLeft, paddingRight } = getComputedStyle(flow);
  return (flow.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / natural.width;
}

/** Brings the first step into view: it stands at the top, but not always in the middle. */
function begin() {
  const first = flow.querySelector('.node').getBoundingClientRect();
  const frame = flow.getBoundingClientRect();
  flow.scrollTop = 0;
  flow.scrollLeft += first.left + first.width / 2 - frame.left - frame.width / 2;
}

const ZOOMS = {
  smaller: () => zoom(scale / STEP),
  larger: () => zoom(scale * STEP),
  fit: () => zoom(fitting()),
  full: () => flow.requestFullscreen(),
};

document.getElementById('zoom').addEventListener('click', ({ target }) => ZOOMS[target.dataset.zoom]?.());

flow.addEventListener('click', ({ target }) => {
  const number = target.closest('.node')?.id.match(/-n(\d+)-/)?.[1];
  if (number) location.hash = `step-${number}`;
});

dark.addEventListener('change', () => draw());

try {
  await draw();
  scale = Math.min(1, Math.max(LEGIBLE, fitting()));
  zoom(scale);
  begin();
} catch (error) {
  flow.textContent = setup.words.failed;
  console.warn(error);
}

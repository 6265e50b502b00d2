/** The chat page: who speaks, in which conversation, and what Web Chat looks like. */

import { Line } from './line.js';

const { lang, webchat, words } = JSON.parse(document.getElementById('setup').textContent);
const { nonce } = document.querySelector('script[nonce]');
const picker = document.getElementById('person');
const chat = document.getElementById('chat');
const state = document.getElementById('state');

// Colours are named in chat.css, so that light and dark switch without a word from here.
const styleOptions = {
  accent: 'var(--accent)',
  subtle: 'var(--quiet)',
  backgroundColor: 'transparent',
  primaryFont: 'var(--font)',
  monospaceFont: 'var(--mono)',
  bubbleBackground: 'var(--bubble)',
  bubbleBorderWidth: 0,
  bubbleBorderRadius: 14,
  bubbleTextColor: 'var(--ink)',
  bubbleMaxWidth: 640,
  bubbleMinWidth: 40,
  bubbleFromUserBackground: 'var(--accent)',
  bubbleFromUserBorderWidth: 0,
  bubbleFromUserBorderRadius: 14,
  bubbleFromUserTextColor: 'var(--on-accent)',
  cardEmphasisBackgroundColor: 'var(--field)',
  groupTimestamp: false,
  hideUploadButton: true,
  markdownRenderHTML: false,
  sendBoxBackground: 'var(--paper)',
  sendBoxTextColor: 'var(--ink)',
  sendBoxPlaceholderColor: 'var(--quiet)',
  sendBoxBorderTop: 'none',
  sendBoxButtonColor: 'var(--accent)',
  sendBoxButtonShadeColorOnHover: 'var(--bubble)',
  sendBoxButtonShadeColorOnActive: 'var(--bubble)',
  sendBoxButtonShadeColorOnDisabled: 'transparent',
  sendBoxButtonColorOnDisabled: 'var(--quiet)',
  sendBoxButtonShadeBorderRadius: 8,
  sendBoxButtonKeyboardFocusIndicatorBorderColor: 'var(--accent)',
  sendBoxButtonKeyboardFocusIndicatorBorderRadius: 8,
  sendBoxButtonKeyboardFocusIndicatorBorderWidth: 2,
  sendBoxHeight: 48,
  sendBoxTextWrap: true,
  sendTimeout: 60_000,
  spinnerAnimationBackgroundImage: 'none', // they would be blob: images, which the policy forbids
  typingAnimationBackgroundImage: 'none',
  suggestedActionLayout: 'flow',
  timestampColor: 'var(--quiet)',
  transcriptActivityVisualKeyboardIndicatorColor: 'var(--accent)',
  transcriptActivityVisualKeyboardIndicatorStyle: 'solid',
  transcriptActivityVisualKeyboardIndicatorWidth: 2,
  transcriptOverlayButtonBackground: 'var(--accent)',
  transcriptOverlayButtonBackgroundOnFocus: 'var(--deep)',
  transcriptOverlayButtonBackgroundOnHover: 'var(--deep)',
  transcriptOverlayButtonColor: 'var(--on-accent)',
  transcriptTerminatorBackgroundColor: 'var(--accent)',
  transcriptTerminatorColor: 'var(--on-accent)',
  transcriptVisualKeyboardIndicatorColor: 'var(--accent)',
};

const text = (ink, quiet = 'var(--quiet)') => ({ default: ink, subtle: quiet });
const foregroundColors = {
  default: text('var(--ink)'),
  accent: text('var(--accent)'),
  good: text('var(--good)'),
  warning: text('var(--warning)'),
  attention: text('var(--attention)'),
  dark: text('var(--ink)'),
  light: text('var(--ink)'),
};
const style = (backgroundColor) => ({ backgroundColor, foregroundColors });
const fontSizes = { small: 13, default: 16, medium: 18, large: 20, extraLarge: 24 };
const adaptiveCardsHostConfig = {
  supportsInteractivity: true,
  fontTypes: {
    default: { fontFamily: 'var(--font)', fontSizes },
    monospace: { fontFamily: 'var(--mono)', fontSizes },
  },
  spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
  containerStyles: {
    default: style('transparent'),
    emphasis: style('var(--field)'),
    good: style('var(--field)'),
    warning: style('var(--field)'),
    attention: style('var(--field)'),
    accent: style('var(--field)'),
  },
  actions: {
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    allowTitleToWrap: true,
    buttonSpacing: 8,
    maxActions: 20,
  },
  textBlock: { headingLevel: 2 },
};

/** What is remembered between visits; a browser may forbid it, and then nothing is. */
const memory = {
  read(key) {
    try { return localStorage.getItem(key) ?? ''; } catch { return ''; }
  },
  write(key, value) {
    try { localStorage.setItem(key, value); } catch { /* then it begins anew next time */ }
  },
};

/** Shows a sentence above the conversation, or nothing. */
function say(sentence = '') {
  state.textContent = sentence;
}

function loadWebChat() {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: webchat, nonce });
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

let line;
let opens = 0;

/** Opens the conversation of a person: the one they left, or a new one. */
function open(person, { anew = false } = {}) {
  line?.end();
  say(words.loading);
  memory.write('person', person);
  const last = anew ? '' : memory.read(`conversation of ${person}`);
  let opened = false;
  line = new Line(person, last, {
    opened(conversation) {
      opened = true;
      memory.write(`conversation of ${person}`, conversation);
      say();
    },
    lost() {
      say(opened ? words.interrupted : words.unreachable);
    },
    gone() {
      open(person, { anew: true });
    },
  });
  line.activity$.subscribe({ next: tellProgress });
  show(line, person);
}

/** Says what takes long, until there is an answer. */
function tellProgress({ type, from, channelData }) {
  if (from.role === 'bot') say(type === 'typing' ? channelData.progress : '');
}

function show(directLine, userID) {
  window.WebChat.renderWebChat(
    {
      key: ++opens, // another conversation is another Web Chat, with nothing left in it
      adaptiveCardsHostConfig,
      directLine,
      locale: lang,
      nonce,
      overrideLocalizedStrings: { TEXT_INPUT_PLACEHOLDER: words.placeholder },
      role: 'form',
      store: window.WebChat.createStore(),
      styleOptions,
      userID,
    },
    chat,
  );
}

/** Lets the keyboard, too, reach a value that is to be copied; whoever gets there has it selected. */
function offerToCopy() {
  const VALUE = '.ac-container:has(> .ac-richTextBlock)';
  new MutationObserver(() => {
    for (const value of chat.querySelectorAll(`${VALUE}:not([tabindex])`)) value.tabIndex = 0;
  }).observe(chat, { childList: true, subtree: true });
  chat.addEventListener('focusin', ({ target }) => {
    if (target.matches(VALUE)) getSelection().selectAllChildren(target);
  });
}

/** Puts the cursor where a message is written. */
function write(event) {
  event.preventDefault();
  chat.querySelector('textarea, input[type="text"]')?.focus();
}

async function begin() {
  const last = memory.read('person');
  if ([...picker.options].some(({ value }) => value === last)) picker.value = last;
  try {
    await loadWebChat();
  } catch {
    return say(words['no bundle']);
  }
  picker.addEventListener('change', () => open(picker.value));
  document.getElementById('anew').addEventListener('click', () => open(picker.value, { anew: true }));
  document.querySelector('.skip').addEventListener('click', write);
  offerToCopy();
  open(picker.value);
}

begin();

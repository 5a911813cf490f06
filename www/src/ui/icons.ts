// Line icons on a 24-unit grid. They are decoration: the control around them carries the label.
import { html, svg, type TemplateResult } from "lit-html";

const slash = svg`<path d="M4 4l16 16" />`;
const handset = svg`<path d="M3 13.4c0-1 .5-1.8 1.3-2.4C6.5 9.4 9.1 8.7 12 8.7s5.5.7 7.7 2.3c.8.6 1.3 1.4 1.3 2.4v1.5c0 .9-.8 1.6-1.7 1.4l-2.7-.5c-.7-.1-1.1-.7-1.1-1.3v-1.7c-1.1-.4-2.3-.6-3.5-.6s-2.4.2-3.5.6v1.7c0 .6-.4 1.2-1.1 1.3l-2.7.5c-.9.2-1.7-.5-1.7-1.4z" />`;
const camera = svg`<rect x="3" y="6.5" width="12.5" height="11" rx="2.6" /><path d="m15.5 10.6 3.9-2.4c.7-.4 1.6.1 1.6.9v5.8c0 .8-.9 1.3-1.6.9l-3.9-2.4" />`;
const microphone = svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`;

const shapes = {
  phone: svg`<g transform="rotate(-135 12 12)">${handset}</g>`,
  "hang-up": handset,
  video: camera,
  "video-off": svg`${camera}${slash}`,
  mic: microphone,
  "mic-off": svg`${microphone}${slash}`,
  message: svg`<path d="M5 19V7.6A2.6 2.6 0 0 1 7.6 5h8.8A2.6 2.6 0 0 1 19 7.6v5.8a2.6 2.6 0 0 1-2.6 2.6H8.2z" />`,
  people: svg`<circle cx="9" cy="8.5" r="3.2" /><path d="M3 19c.4-3.2 2.8-5 6-5s5.6 1.8 6 5M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.3 14.5c2 .7 3.3 2.3 3.6 4.5" />`,
  minus: svg`<path d="M5 12h14" />`,
  plus: svg`<path d="M12 5v14M5 12h14" />`,
  send: svg`<path d="M12 19V5M6 11l6-6 6 6" />`,
  pencil: svg`<path d="m4.5 19.5.9-4L15.8 5.1a1.6 1.6 0 0 1 2.3 0l.8.8a1.6 1.6 0 0 1 0 2.3L8.5 18.6z" />`,
  trash: svg`<path d="M5 7h14M10 7V5h4v2M7 7l.7 11a1.5 1.5 0 0 0 1.5 1.4h5.6a1.5 1.5 0 0 0 1.5-1.4L17 7" />`,
  check: svg`<path d="m6 12.5 4 4 8-9" />`,
  checks: svg`<path d="m2.5 12.5 4 4 8-9M11.5 15.3l1.2 1.2 8-9" />`,
  clock: svg`<circle cx="12" cy="12" r="8" /><path d="M12 8v4l2.5 2" />`,
  alert: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.8v5M12 16.2v.1" />`,
  sun: svg`<circle cx="12" cy="12" r="4" /><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1" />`,
  moon: svg`<path d="M19.8 14.2A8 8 0 1 1 9.8 4.2a6.4 6.4 0 0 0 10 10z" />`,
  back: svg`<path d="M14.5 5.5 8 12l6.5 6.5" />`,
  attach: svg`<path d="m19 11.5-7 7a4.2 4.2 0 0 1-6-6l7.3-7.3a2.8 2.8 0 0 1 4 4L10 16.5a1.4 1.4 0 0 1-2-2l6.5-6.5" />`,
  file: svg`<path d="M7.5 3.5H13l5 5v10a2 2 0 0 1-2 2H7.5a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM13 3.5v5h5" />`,
  image: svg`<rect x="4" y="5" width="16" height="14" rx="2.5" /><circle cx="9" cy="10" r="1.4" /><path d="m5 17 4.5-4 3 2.5L16 12l3.5 3.5" />`,
  download: svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 19.5h14" />`,
  quality: svg`<path d="M5 19v-4M10 19v-8M15 19V8M20 19V4.5" />`,
  retry: svg`<path d="M19 12a7 7 0 1 1-2.3-5.2M19 4v4h-4" />`,
  search: svg`<circle cx="10.8" cy="10.8" r="6.3" /><path d="m15.5 15.5 4.5 4.5" />`,
  down: svg`<path d="M12 5v13M6 12.5l6 6 6-6" />`,
  copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="2.4" /><path d="M15.5 8.5V6.9a2.4 2.4 0 0 0-2.4-2.4H6.9a2.4 2.4 0 0 0-2.4 2.4v6.2a2.4 2.4 0 0 0 2.4 2.4h1.6" />`,
  star: svg`<path d="m12 4 2.4 5.1 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.8l5.6-.7z" />`,
  keypad: svg`<path d="M6 5.5h.01M12 5.5h.01M18 5.5h.01M6 12h.01M12 12h.01M18 12h.01M6 18.5h.01M12 18.5h.01M18 18.5h.01" stroke-width="3" />`,
  share: svg`<rect x="3" y="4.5" width="18" height="12.5" rx="2.4" /><path d="M12 14V8M9 10.6 12 7.7l3 2.9M8.5 20h7" />`,
  close: svg`<path d="M6 6l12 12M18 6 6 18" />`,
  hold: svg`<path d="M9 6v12M15 6v12" />`,
  resume: svg`<path d="M8.5 6.2v11.6c0 .7.8 1.1 1.4.7l8.6-5.8c.5-.3.5-1.1 0-1.4L9.9 5.5c-.6-.4-1.4 0-1.4.7z" />`,
  swap: svg`<path d="M7 19V6M3.5 9.5 7 6l3.5 3.5M17 5v13M13.5 14.5 17 18l3.5-3.5" />`,
  speaker: svg`<path d="M4 9.8v4.4h3.2L12 18V6L7.2 9.8zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />`,
  devices: svg`<path d="M4 8h8M18 8h2M4 16h2M12 16h8" /><circle cx="15" cy="8" r="2.6" /><circle cx="9" cy="16" r="2.6" />`,
  shrink: svg`<path d="M4.5 14H10v5.5M19.5 10H14V4.5M14 10l6-6M10 14l-6 6" />`,
  expand: svg`<path d="M14 4.5h5.5V10M10 19.5H4.5V14M19.5 4.5 14 10M4.5 19.5 10 14" />`,
  leave: svg`<path d="M10 5H7a1.5 1.5 0 0 0-1.5 1.5v11A1.5 1.5 0 0 0 7 19h3M15 8l4 4-4 4M19 12h-9" />`,
} satisfies Record<string, TemplateResult>;

export type IconName = keyof typeof shapes;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${shapes[name]}
  </svg>`;
}

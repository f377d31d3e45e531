/* A note by voice: half a minute at most, heard again before it is kept, sealed when it is kept.
   The microphone is asked for when the button is pressed and let go when the note ends. */

import { button, h, t } from "./dom.js";

const LONGEST_MS = 30_000;
const TICK_MS = 500;
const BITS_PER_S = 16_000;
const LARGEST = 90_000;  // bytes of sound; with what stands around it the server takes 92,160
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** The part of a page in which one speaks. `take` gives the sound as bytes, or null when nothing
    was said; a note that is being spoken ends with it. */
export function voiceNote() {
  const kind = kindOf();
  const part = h("section", { class: "voice", "aria-label": t("voice") });
  if (!kind) return { part: null, take: async () => null };
  const note = new Note(part, kind);
  note.idle();
  return { part, take: () => note.take() };
}

function kindOf() {
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) return "";
  return KINDS.find((each) => MediaRecorder.isTypeSupported(each)) ?? "";
}

class Note {
  constructor(part, kind) {
    this.part = part;
    this.kind = kind;
    this.recorder = null;
    this.sound = null;
    this.ended = Promise.resolve();
  }

  show(...children) {
    this.part.replaceChildren(...children.filter(Boolean));
  }

  idle(told = "") {
    this.sound = null;
    this.show(button(t("voice_begin"), () => this.begin(), "plain"),
      h("p", { class: "hint" }, t("voice_how")),
      told && h("p", { class: "note warn", role: "alert" }, told));
  }

  async begin() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch (error) {
      return this.idle(t(error.name === "NotFoundError" ? "voice_no_microphone" : "voice_refused"));
    }
    const pieces = [];
    const recorder = new MediaRecorder(stream, { mimeType: this.kind, audioBitsPerSecond: BITS_PER_S });
    let size = 0;
    recorder.addEventListener("dataavailable", ({ data }) => {
      if (size + data.size <= LARGEST) pieces.push(data);
      else if (recorder.state === "recording") recorder.stop();
      size += data.size;
    });
    this.ended = new Promise((done) => recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      this.recorder = null;
      this.sound = new Blob(pieces, { type: this.kind });
      if (this.part.isConnected) this.heard();
      done();
    }));
    this.recorder = recorder;
    recorder.start(1000);
    this.speaking(Date.now() + LONGEST_MS);
  }

  /** Counts down; whoever leaves the page has let go of the microphone. */
  speaking(until) {
    const left = h("span", {}, "");
    const tick = () => {
      const rest = until - Date.now();
      left.textContent = t("voice_left", { n: Math.max(0, Math.ceil(rest / 1000)) });
      if (this.recorder?.state !== "recording") clearInterval(timer);
      else if (rest <= 0 || !this.part.isConnected) this.recorder.stop();
    };
    const timer = setInterval(tick, TICK_MS);
    const stop = button(t("voice_stop"), () => this.recorder?.stop(), "danger");
    this.show(h("p", { role: "status" }, t("voice_speaking"), " "), h("p", {}, left), stop);
    tick();
    stop.focus();
  }

  heard() {
    this.show(
      h("p", { role: "status" }, t("voice_done")),
      h("audio", { controls: true, src: URL.createObjectURL(this.sound), "aria-label": t("voice_done") }),
      h("div", { class: "pair" }, button(t("voice_again"), () => this.begin(), "plain"), button(t("voice_drop"), () => this.idle(), "plain")));
  }

  async take() {
    if (this.recorder?.state === "recording") this.recorder.stop();
    await this.ended;
    return this.sound?.size ? new Uint8Array(await this.sound.arrayBuffer()) : null;
  }
}

/** Spoken words instead of typed ones: recorded on the phone, sent like a photo. */
const LONGEST_MS = 120_000;

export function voiceButton({ words, el, fill, say, alive, keep }) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "";
  let recorder = null;
  let timer = null;
  const button = el("button", { type: "button", class: "voice", "aria-pressed": "false", onclick: () => (recorder ? recorder.stop() : start()) }, words.voice);
  return button;

  async function start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      return say(fill(words.noMicrophone, { why: error.name ?? String(error) }), "error");
    }
    const pieces = [];
    const begun = Date.now();
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24_000 });
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = async () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      const type = recorder.mimeType || "audio/webm";
      recorder = null;
      button.setAttribute("aria-pressed", "false");
      button.textContent = words.voice;
      await keep(new File(pieces, type.includes("mp4") ? "voice.m4a" : "voice.webm", { type }));
    };
    recorder.start(1000);
    button.setAttribute("aria-pressed", "true");
    const tell = () => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      button.textContent = fill(words.voiceStop, { seconds });
      if (Date.now() - begun > LONGEST_MS || !alive()) recorder?.stop(); // nobody is recorded from another screen
    };
    timer = setInterval(tell, 500);
    tell();
  }
}

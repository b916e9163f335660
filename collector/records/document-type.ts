// Types of files in contexts and resources (Copilot schema examples, tenants); Office, text, notes, whiteboards, video.
const DOCUMENT =
  /^(?:doc[xm]?|dot[xm]?|xls[xmb]?|ppt[xm]?|pps[xm]?|pdf|txt|rtf|csv|md|one|onetoc2|loop|fluid|vsdx?|whiteboard|mp4|file)$/;
// Named by what shows them, not by an extension.
const NAMED = new Map([
  ['looppage', 'loop'],
  ['streamvideo', 'mp4'],
]);

/** The extension that a type stands for, without a dot: docx for docx, .DOCX; null for a mail, a chat, a web page. */
export function toDocumentType(type: string | null): string | null {
  if (type === null) return null;
  const folded = type.toLowerCase();
  const plain = folded.startsWith('.') ? folded.slice(1) : folded;
  return DOCUMENT.test(plain) ? plain : (NAMED.get(plain) ?? null);
}

/** Distances and sizes as people read them, in their language. */
const oneDigit = (value, language) => value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Metres to the next ten, from 950 m on kilometres. */
export const away = (metres, language) => (metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${oneDigit(metres / 1000, language)} km`);

/** Bytes as MB, from a thousand of them on as GB. */
export const storage = (bytes, language) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${oneDigit(bytes / 1e9, language)} GB`);

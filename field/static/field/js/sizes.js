/** Distances and sizes as people read them, in their language. */
const oneDigit = (value, language) => value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Metres to the next ten, from 950 m on kilometres. */
export const away = (metres, language) => (metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${oneDigit(metres / 1000, language)} km`);

/** Bytes as MB, from a thousand of them on as GB. */
export const storage = (bytes, language) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${oneDigit(bytes / 1e9, language)} GB`);

/** Day before month in both languages, as people in Viet Nam write it: 27/11/2026, and 27/11/2026 18:20. */
export const day = (moment) => `${[moment.getDate(), moment.getMonth() + 1].map(twoDigits).join("/")}/${moment.getFullYear()}`;
export const dayAndTime = (moment) => `${day(moment)} ${[moment.getHours(), moment.getMinutes()].map(twoDigits).join(":")}`;
const twoDigits = (number) => String(number).padStart(2, "0");

import { chooseColumns } from "./columns.js";
import { watchFilters } from "./filters.js";

watchFilters(chooseColumns);
chooseColumns();

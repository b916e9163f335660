/**
 * What a transformation of a data collection rule may use: names only (Azure Monitor, "Supported KQL features in Azure
 * Monitor transformations", 2026-05-15).
 */

/** Tabular operators by the name of their node. */
export const transformOperators: ReadonlySet<string> = new Set([
  'ExtendOperator',
  'FilterOperator',
  'ParseOperator',
  'PrintOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectRenameOperator',
]);

/** String operators of Kusto that transformations have not, by the name of their node. */
export const missingStringOperators: Readonly<Record<string, string>> = {
  HasAnyExpression: 'has_any',
  HasAllExpression: 'has_all',
  HasPrefixExpression: 'hasprefix',
  HasPrefixCsExpression: 'hasprefix_cs',
  NotHasPrefixExpression: '!hasprefix',
  NotHasPrefixCsExpression: '!hasprefix_cs',
  HasSuffixExpression: 'hassuffix',
  HasSuffixCsExpression: 'hassuffix_cs',
  NotHasSuffixExpression: '!hassuffix',
  NotHasSuffixCsExpression: '!hassuffix_cs',
  LikeExpression: 'like',
  LikeCsExpression: 'like_cs',
  NotLikeExpression: 'notlike',
  NotLikeCsExpression: 'notlike_cs',
  // Kusto.Language calls the operators that ignore case "Cs".
  InCsExpression: 'in~',
  NotInCsExpression: '!in~',
};

const functions: Readonly<Record<string, string>> = {
  bitwise: 'binary_and binary_or binary_not binary_xor binary_shift_left binary_shift_right',
  conversion: 'tobool todatetime todouble toreal toguid toint tolong tostring totimespan',
  datetime:
    'ago datetime_add datetime_diff datetime_part dayofmonth dayofweek dayofyear endofday endofmonth endofweek ' +
    'endofyear getmonth monthofyear getyear hourofday make_datetime make_timespan now startofday startofmonth ' +
    'startofweek startofyear weekofyear week_of_year',
  dynamic: 'array_concat array_length pack bag_pack pack_array parse_json todynamic parse_xml zip columnifexists',
  math: 'abs bin floor ceiling exp exp10 exp2 isfinite isinf isnan log log10 log2 pow round sign',
  conditional: 'case iif iff max_of min_of',
  // Where the page's spelling is Azure Monitor's own, Kusto's is taken as well.
  string:
    'base64_encodestring base64_decodestring base64_encode_tostring base64_decode_tostring countof extract ' +
    'extract_all indexof isempty isnotempty replace replace_string replace_regex split strcat strcat_delim strlen ' +
    'substring tolower toupper hash_sha256',
  type: 'gettype isnotnull isnull',
  transformationOnly: 'parse_cef_dictionary geo_location',
};

/** Scalar functions of transformations. */
export const transformFunctions: ReadonlySet<string> = new Set(
  Object.values(functions).flatMap((names) => names.split(' ')),
);

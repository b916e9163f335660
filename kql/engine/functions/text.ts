/** All functions that concern text, addresses and hashes, by name. */
import type { ScalarFunction } from '../scope.ts';
import { base64Functions } from './base64.ts';
import { commandLineFunctions } from './command-lines.ts';
import { compressionFunctions } from './compression.ts';
import { encodingFunctions } from './encodings.ts';
import { formatBytesFunctions } from './format-bytes.ts';
import { geoInformationFunctions } from './geo-information.ts';
import { hashFunctions } from './hashes.ts';
import { ipv4AddressFunctions } from './ipv4-addresses.ts';
import { ipv4InTextFunctions } from './ipv4-in-text.ts';
import { ipv6AddressFunctions } from './ipv6-addresses.ts';
import { punycodeFunctions } from './punycode.ts';
import { regularExpressionFunctions } from './regular-expressions.ts';
import { stringSearchFunctions } from './string-search.ts';
import { stringFunctions } from './strings.ts';
import { textParsingFunctions } from './text-parsing.ts';

export const textFunctions: Readonly<Record<string, ScalarFunction>> = {
  ...stringFunctions,
  ...stringSearchFunctions,
  ...regularExpressionFunctions,
  ...textParsingFunctions,
  ...commandLineFunctions,
  ...formatBytesFunctions,
  ...encodingFunctions,
  ...punycodeFunctions,
  ...base64Functions,
  ...compressionFunctions,
  ...hashFunctions,
  ...ipv4AddressFunctions,
  ...ipv6AddressFunctions,
  ...ipv4InTextFunctions,
  ...geoInformationFunctions,
};

// The head of a request in HTTP/1.1, before a parser sees it: what two servers could read in two ways is no
// request at all. That is how requests are smuggled past a proxy.
// https://www.rfc-editor.org/rfc/rfc9112#section-11.2
#pragma once

#include <string_view>

namespace keytide::lab {

// `head`: from the request line to the empty line, both included. False for a line that does not end in CRLF,
// a CR or NUL within one, a folded line, white space before a colon; for Content-Length, Transfer-Encoding or
// Host given twice, or the first two together; for a length that is more than digits, and for an encoding
// other than chunked.
bool is_unambiguous(std::string_view head);

}  // namespace keytide::lab

// libcurl's functions, out of the library as it is loaded for the first of them.
//
// With it come some thirty libraries (LDAP, Kerberos, SSH), whose loading is half the start of the program.
// What makes no call, such as the lab, `keytide credentials` and `keytide status`, starts without them.
#pragma once

#include <curl/curl.h>

namespace keytide::http {

struct Libcurl {
    decltype(&curl_global_init_mem) global_init_mem;
    decltype(&curl_easy_init) easy_init;
    decltype(&curl_easy_setopt) easy_setopt;
    decltype(&curl_easy_perform) easy_perform;
    decltype(&curl_easy_getinfo) easy_getinfo;
    decltype(&curl_easy_cleanup) easy_cleanup;
    decltype(&curl_easy_strerror) easy_strerror;
    decltype(&curl_slist_append) slist_append;
    decltype(&curl_slist_free_all) slist_free_all;
    decltype(&curl_url) url;
    decltype(&curl_url_set) url_set;
    decltype(&curl_url_get) url_get;
    decltype(&curl_url_cleanup) url_cleanup;
    decltype(&curl_free) free;
};

// Where there is none, the program ends as it would have at its start: with 127, and the loader's words.
const Libcurl& libcurl();

}  // namespace keytide::http

#pragma once
// Wrappers for what Swift cannot import: curl_easy_setopt and curl_easy_getinfo are variadic.
#include <curl/curl.h>

/// Options of type long.
static inline CURLcode hd_curl_set_number(CURL *_Nonnull handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// Options of type curl_off_t.
static inline CURLcode hd_curl_set_size(CURL *_Nonnull handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// Options of type char *; libcurl copies the text, except for CURLOPT_POSTFIELDS.
static inline CURLcode hd_curl_set_text(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// Options of type pointer.
static inline CURLcode hd_curl_set_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// What libcurl calls for a piece of the head or the body.
typedef size_t (*hd_curl_receiver)(char *_Nullable piece, size_t size, size_t count, void *_Nullable context);

/// Options of type function.
static inline CURLcode hd_curl_set_receiver(CURL *_Nonnull handle, CURLoption option, hd_curl_receiver _Nonnull value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// Facts of type long.
static inline CURLcode hd_curl_get_number(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value) {
  return (curl_easy_getinfo)(handle, info, value);
}

/// What libcurl calls for a socket to an address.
typedef curl_socket_t (*hd_curl_opener)(void *_Nullable context, curlsocktype purpose, struct curl_sockaddr *_Nullable address);

/// The option of that type.
static inline CURLcode hd_curl_set_opener(CURL *_Nonnull handle, hd_curl_opener _Nonnull value) {
  return (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

#pragma once
// What is signed and how bytes are written as text; nothing else of the library is wanted.
#include <openssl/evp.h>
#include <openssl/hmac.h>

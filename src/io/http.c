#include "http.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>

#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

enum { WAITING_MS = 200 };

/* --- the library ------------------------------------------------------------------------ */

#define FUNCTIONS(ROW)                                                                             \
	ROW(global_init_mem)                                                                       \
	ROW(easy_init)                                                                             \
	ROW(easy_setopt)                                                                           \
	ROW(easy_getinfo)                                                                          \
	ROW(easy_strerror)                                                                         \
	ROW(easy_reset)                                                                            \
	ROW(easy_cleanup)                                                                          \
	ROW(slist_append)                                                                          \
	ROW(slist_free_all)                                                                        \
	ROW(multi_init)                                                                            \
	ROW(multi_setopt)                                                                          \
	ROW(multi_add_handle)                                                                      \
	ROW(multi_remove_handle)                                                                   \
	ROW(multi_perform)                                                                         \
	ROW(multi_poll)                                                                            \
	ROW(multi_info_read)                                                                       \
	ROW(multi_cleanup)

static struct {
#define POINTER(name) __typeof__(curl_##name) *(name);
	FUNCTIONS(POINTER)
#undef POINTER
} curl;

/* libcurl's blocks are ours, so that they are wiped. Each knows its size. */
union block {
	size_t size;
	max_align_t align;
};

static void *take(size_t size)
{
	union block *block =
	    memory_acquire(size <= PTRDIFF_MAX - sizeof *block ? size + sizeof *block : SIZE_MAX);

	block->size = size;
	return block + 1;
}

static void give_back(void *bytes)
{
	memory_release(bytes ? (union block *)bytes - 1 : NULL);
}

static void *resize(void *old, size_t size)
{
	size_t old_size = old ? ((union block *)old - 1)->size : 0;
	void *bytes = take(size);

	if (old)
		memcpy(bytes, old, old_size < size ? old_size : size);
	give_back(old);
	return bytes;
}

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(take(size), text, size);
}

static void *take_zeroed(size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all))
		memory_exhausted();
	return memset(take(all), 0, all);
}

static bool find_functions(void *library)
{
	bool found = true;

/* POSIX lets an object pointer hold a function's address. */
#define FIND(name)                                                                                 \
	*(void **)&curl.name = dlsym(library, "curl_" #name);                                      \
	found = found && curl.name;
	FUNCTIONS(FIND)
#undef FIND
	return found;
}

#ifdef REGCRED_STATIC /* there is no loader in a static program */
#define INSTALL "use the packaged program or the container image: this static one cannot load it"

static void *open_library(void)
{
	return NULL;
}
#else
#define INSTALL "install libcurl4 (Debian, Ubuntu), libcurl (Fedora, Alpine) or curl (Arch)"

/* What tools of packagers read: which library is opened while the program runs.
 * https://uapi-group.org/specifications/specs/elf_dlopen_metadata/ */
#define DLOPEN_NOTE                                                                                \
	"[{\"feature\":\"verify\",\"description\":\"Ask registries over HTTPS\","                  \
	"\"priority\":\"recommended\",\"soname\":[\"libcurl.so.4\",\"libcurl-gnutls.so.4\"]}]"

__attribute__((used, section(".note.dlopen"))) _Alignas(4) static const struct {
	uint32_t name_size, text_size, type;
	char name[4];
	_Alignas(4) char text[sizeof DLOPEN_NOTE];
} dlopen_note = {4, sizeof DLOPEN_NOTE, 0x407c0c0a, "FDO", DLOPEN_NOTE};

static void *open_library(void)
{
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

	return library ? library : dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
}
#endif

static bool load(struct error *error)
{
	static bool loaded;
	void *library = loaded ? NULL : open_library();

	if (loaded)
		return true;
	if (!library || !find_functions(library) ||
	    curl.global_init_mem(CURL_GLOBAL_DEFAULT, take, give_back, resize, copy, take_zeroed) !=
	        CURLE_OK)
		return error_set(error, DIAGNOSTIC_LIBRARY_MISSING, INSTALL,
		                 "libcurl (libcurl.so.4, 7.66 or later), which asks the registry, "
		                 "cannot be loaded");
	return loaded = true;
}

/* --- one transfer ----------------------------------------------------------------------- */

struct transfer {
	CURL *easy;
	struct curl_slist *lines; /* of the request */
	struct http_request request;
	bool busy, too_large;
	struct buf headers, body;
	char reason[CURL_ERROR_SIZE];
};

struct http {
	CURLM *multi;
	struct http_options options;
	size_t busy_count;
	struct transfer transfers[HTTP_PARALLEL_MAX];
};

/* The first line of an answer: what came before was an interim one's. */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t len = size * count;

	if (len >= 5 && strncasecmp(bytes, "HTTP/", 5) == 0) {
		buf_rewind(&transfer->headers);
		return len;
	}
	buf_append(&transfer->headers, bytes, len);
	transfer->too_large = transfer->headers.failure;
	return transfer->too_large ? 0 : len;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;

	buf_append(&transfer->body, bytes, size * count);
	transfer->too_large = transfer->body.failure;
	return transfer->too_large ? 0 : size * count;
}

static void add_line(struct transfer *transfer, const char *name, const char *value)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_string(&line, name);
	buf_append_string(&line, value);
	transfer->lines = curl.slist_append(transfer->lines, line.data);
}

static void set_number(struct transfer *transfer, CURLoption option, long value)
{
	curl.easy_setopt(transfer->easy, option, value);
}

static void set_pointer(struct transfer *transfer, CURLoption option, const void *value)
{
	curl.easy_setopt(transfer->easy, option, value);
}

static void set_limits(const struct http *http, struct transfer *transfer)
{
	bool plain = strncasecmp(transfer->request.url, "http:", 5) == 0;

	set_number(transfer, CURLOPT_NOSIGNAL, 1);
	set_number(transfer, CURLOPT_PROTOCOLS, plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS);
	set_number(transfer, CURLOPT_FOLLOWLOCATION, 0);
	set_number(transfer, CURLOPT_NETRC, CURL_NETRC_IGNORED);
	set_number(transfer, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	set_number(transfer, CURLOPT_TIMEOUT_MS, (long)http->options.timeout * 1000);
	set_number(transfer, CURLOPT_CONNECTTIMEOUT_MS, (long)http->options.timeout * 1000);
	set_number(transfer, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
#if LIBCURL_VERSION_NUM >= 0x075700
	set_number(transfer, CURLOPT_QUICK_EXIT, 1); /* no waiting for a name server */
#endif
	if (http->options.ca_file)
		set_pointer(transfer, CURLOPT_CAINFO, http->options.ca_file);
}

static void set_request(struct transfer *transfer)
{
	const struct http_request *request = &transfer->request;

	set_number(transfer, strcmp(request->method, "HEAD") ? CURLOPT_HTTPGET : CURLOPT_NOBODY, 1);
	set_pointer(transfer, CURLOPT_URL, request->url);
	set_pointer(transfer, CURLOPT_USERAGENT, "regcred-gen/" REGCRED_VERSION);
	add_line(transfer, "Accept: ", request->accept);
	if (*request->authorization)
		add_line(transfer, "Authorization: ", request->authorization);
	set_pointer(transfer, CURLOPT_HTTPHEADER, transfer->lines);
}

static void set_answer(struct transfer *transfer)
{
	curl.easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, take_header);
	set_pointer(transfer, CURLOPT_HEADERDATA, transfer);
	curl.easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, take_body);
	set_pointer(transfer, CURLOPT_WRITEDATA, transfer);
	set_pointer(transfer, CURLOPT_ERRORBUFFER, transfer->reason);
	set_pointer(transfer, CURLOPT_PRIVATE, transfer);
}

/* The transfer's credential goes; its answer stays until the next one. */
static void end(struct http *http, struct transfer *transfer)
{
	curl.multi_remove_handle(http->multi, transfer->easy);
	curl.slist_free_all(transfer->lines);
	transfer->lines = NULL;
	curl.easy_reset(transfer->easy);
	transfer->busy = false;
	http->busy_count--;
}

/* --- what became of it ------------------------------------------------------------------ */

/* X509_V_ERR_... of OpenSSL: the issuer is not known or not trusted. */
static bool is_unknown_authority(struct transfer *transfer)
{
	static const long results[] = {2, 18, 19, 20, 21, 27};
	long result = 0;

	curl.easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	for (size_t i = 0; i < COUNT(results); i++)
		if (result == results[i])
			return true;
	return strstr(transfer->reason, "CAfile") != NULL; /* GnuTLS */
}

static enum http_failure failure_of(struct transfer *transfer, CURLcode code)
{
	if (transfer->too_large)
		return HTTP_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_NO_NAME;
	case CURLE_COULDNT_CONNECT:
		return HTTP_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
		return is_unknown_authority(transfer) ? HTTP_UNKNOWN_AUTHORITY
		                                      : HTTP_BAD_CERTIFICATE;
	case CURLE_SSL_CACERT_BADFILE:
		return HTTP_NO_AUTHORITY;
	case CURLE_SSL_CONNECT_ERROR:
		return HTTP_NO_TLS;
	default:
		return HTTP_BROKEN;
	}
}

/* libcurl's words for these two say nothing else than their kind. */
static const char *reason_of(struct transfer *transfer, enum http_failure failure, CURLcode code)
{
	long number = 0;

	curl.easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	if (failure == HTTP_NO_NAME)
		return "";
	if (failure == HTTP_NO_CONNECTION)
		return number ? strerror((int)number) : "";
	return *transfer->reason ? transfer->reason : curl.easy_strerror(code);
}

static void fill(struct transfer *transfer, CURLcode code, struct http_answer *answer)
{
	enum http_failure failure = failure_of(transfer, code);
	long status = 0;

	curl.easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	*answer = (struct http_answer){.context = transfer->request.context,
	                               .failure = failure,
	                               .reason = reason_of(transfer, failure, code),
	                               .status = (int)status,
	                               .headers = buf_view(&transfer->headers),
	                               .body = buf_view(&transfer->body)};
}

/* --- all of them ------------------------------------------------------------------------ */

bool http_open(struct http **made, const struct http_options *options, struct error *error)
{
	struct http *http;

	if (options->ca_file && access(options->ca_file, R_OK) != 0)
		return error_set(error, DIAGNOSTIC_INPUT_FAILED, NULL,
		                 "the CA file %s cannot be read: %s", options->ca_file,
		                 strerror(errno));
	if (!load(error))
		return false;
	http = memory_acquire(sizeof *http);
	*http = (struct http){.multi = curl.multi_init(), .options = *options};
	if (!http->multi)
		memory_exhausted();
	for (size_t i = 0; i < HTTP_PARALLEL_MAX; i++)
		http->transfers[i] = (struct transfer){.easy = curl.easy_init(),
		                                       .headers = BUF_INIT(HTTP_HEADERS_MAX),
		                                       .body = BUF_INIT(HTTP_BODY_MAX)};
	*made = http;
	return true;
}

bool http_is_free(const struct http *http)
{
	return http->busy_count < HTTP_PARALLEL_MAX;
}

void http_send(struct http *http, const struct http_request *request)
{
	struct transfer *transfer = http->transfers;

	while (transfer->busy)
		transfer++;
	transfer->request = *request;
	transfer->busy = true;
	http->busy_count++;
	transfer->too_large = false;
	*transfer->reason = '\0';
	buf_reset(&transfer->headers);
	buf_reset(&transfer->body);
	set_limits(http, transfer);
	set_request(transfer);
	set_answer(transfer);
	curl.multi_add_handle(http->multi, transfer->easy);
}

bool http_wait(struct http *http, struct http_answer *answer)
{
	const CURLMsg *message;
	struct transfer *transfer;
	int running;

	while (http->busy_count) {
		curl.multi_perform(http->multi, &running);
		message = curl.multi_info_read(http->multi, &running);
		if (!message) {
			curl.multi_poll(http->multi, NULL, 0, WAITING_MS, NULL);
			if (http->options.waiting)
				http->options.waiting(http->options.context);
			continue;
		}
		curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		fill(transfer, message->data.result, answer);
		end(http, transfer);
		return true;
	}
	return false;
}

void http_close(struct http **made)
{
	struct http *http = *made;

	if (!http)
		return;
	for (size_t i = 0; i < HTTP_PARALLEL_MAX; i++) {
		struct transfer *transfer = &http->transfers[i];

		if (transfer->busy)
			end(http, transfer);
		curl.easy_cleanup(transfer->easy);
		buf_release(&transfer->headers);
		buf_release(&transfer->body);
	}
	curl.multi_cleanup(http->multi);
	memory_release(http);
	*made = NULL;
}

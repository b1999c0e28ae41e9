#include "regcred/docker/docker_auth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

#define TEXT(string) string, sizeof(string) - 1

static const struct {
	const char *auth;
	size_t auth_len;
	const char *username;
	size_t username_len;
	const char *password;
	size_t password_len;
} sound[] = {
    {TEXT("dXNlcjpwYXNz"), TEXT("user"), TEXT("pass")},
    {TEXT("dXNlcjpwdw=="), TEXT("user"), TEXT("pw")},
    {TEXT("dXNlcjpwdw"), TEXT("user"), TEXT("pw")}, /* padding left out */
    {TEXT("dXNlcjpw\ndw==\r\n\n"), TEXT("user"), TEXT("pw")},
    {TEXT("dXNlcjpwdw\n"), TEXT("user"), TEXT("pw")},
    {TEXT("\ndXNlcjpwdx=="), TEXT("user"), TEXT("pw")}, /* unused bits */
    {TEXT("dXNlcjphOmI6"), TEXT("user"), TEXT("a:b:")},
    {TEXT("dXNlcjpwYXNzCg=="), TEXT("user"), TEXT("pass\n")},
    {TEXT("Og=="), TEXT(""), TEXT("")},
    {TEXT("OnA="), TEXT(""), TEXT("p")},
    {TEXT("dTo="), TEXT("u"), TEXT("")},
    {TEXT("ADoA"), TEXT("\0"), TEXT("\0")},
    {TEXT("/zr+"), TEXT("\xFF"), TEXT("\xFE")},
    {TEXT("IHUgOiBwIA=="), TEXT(" u "), TEXT(" p ")},
};

static void decodes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
		CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_NAME_MAX);
		struct view username, password;
		enum docker_auth_fault fault;

		if (!docker_auth_decode((struct view){sound[i].auth, sound[i].auth_len}, &pair,
		                        &username, &password, &fault))
			fail_msg("row %zu: %s", i, docker_auth_fault_sentence(fault));
		assert_int_equal(username.len, sound[i].username_len);
		assert_memory_equal(username.data, sound[i].username, username.len);
		assert_int_equal(password.len, sound[i].password_len);
		assert_memory_equal(password.data, sound[i].password, password.len);
	}
}

static const struct {
	const char *auth;
	size_t len;
	enum docker_auth_fault fault;
} faulty[] = {
    {TEXT(""), DOCKER_AUTH_NO_COLON}, /* an empty auth is the caller's to see */
    {TEXT("\r\n"), DOCKER_AUTH_NO_COLON},
    {TEXT("AA"), DOCKER_AUTH_NO_COLON},
    {TEXT("dXNlcg=="), DOCKER_AUTH_NO_COLON},
    {TEXT(" "), DOCKER_AUTH_NOT_BASE64},
    {TEXT("="), DOCKER_AUTH_NOT_BASE64},
    {TEXT("user:pass"), DOCKER_AUTH_NOT_BASE64},
    {TEXT(" dXNlcjpwdw=="), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw== "), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw "), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==\xC2\xA0"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw\xE2\x80\x83"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==\xC2\x85\n"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==\n\n \n"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw="), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==="), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwYXNz="), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==x"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjo_Pz8-"), DOCKER_AUTH_NOT_BASE64},
    {TEXT("dXNlcjpwdw==\0"), DOCKER_AUTH_NOT_BASE64},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
		CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_NAME_MAX);
		struct view username, password;
		enum docker_auth_fault fault;

		if (docker_auth_decode((struct view){faulty[i].auth, faulty[i].len}, &pair,
		                       &username, &password, &fault))
			fail_msg("row %zu was decoded", i);
		assert_int_equal(fault, faulty[i].fault);
		assert_true(!username.len && !password.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decodes),
	    cmocka_unit_test(refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("docker_auth", tests, NULL, NULL);
}

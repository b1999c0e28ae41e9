/* login_shape.h - the shapes in which tools print registry logins, recognised by their form:
 *
 *   a Docker config                             docker_logins.h
 *   a Docker config in base64                   as in a Secret's data; in quotes, too
 *   the data of a pull Secret                   kubectl get secret -o jsonpath={.data}
 *   aws ecr get-authorization-token             authorizationData: AWS CLI, ecr and ecr-public
 *   az acr login --expose-token                 accessToken, loginServer
 *   docker-credential-NAME get                  Username, Secret; names no registry
 *   a robot account that Harbor's page exports  name, secret; names no registry
 */
#ifndef REGCRED_LOGIN_SHAPE_H
#define REGCRED_LOGIN_SHAPE_H

#include "regcred/docker/docker_logins.h"

/* Fills initialised, empty `logins`. `registry` is the one that is wanted, for shapes that
 * name none; NULL: there is none, or several are. *look says what the text was, for a step;
 * NULL: a Docker config. False: as docker_logins_parse, or OPTION_CONFLICT if the shape
 * names no registry. */
bool login_shape_parse(struct view text, const char *registry, struct docker_logins *logins,
                       const char **look, struct error *error);

/* Whether the text is base64 of something that begins like a JSON object. */
bool login_shape_is_base64(struct view text);

#endif

import {
  blankArguments,
  buildsForSeveral,
  fixedArchitecture,
  linkedProgram,
  unknownStages,
  withoutCertificates,
} from '../../containers/binaries.ts';
import type { Rule } from '../../rule.ts';

export const binaryFails: Rule = {
  id: 'docker/binary-fails',
  severity: 'error',
  title: 'an image that is not built, or whose program does not run in it',
  why: 'A program that is linked to a C library ends with "no such file or directory" in an image without it; without certificates every https call fails; a variable that is empty names another image or folder than it seems.',
  fix: 'Build with CGO_ENABLED=0, copy /etc/ssl/certs/ca-certificates.crt, use TARGETARCH, name stages that stand above, repeat ARG in the stage that uses it.',
  fixable: 'safe',
  example: {
    bad: 'FROM golang:1.24 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app',
    good: 'FROM golang:1.24 AS build\nRUN CGO_ENABLED=0 go build -o /app\nFROM scratch\nCOPY --from=build /app /app',
  },
  check: context => {
    const several = buildsForSeveral(context);
    return [
      ...context
        .of('dockerfile')
        .flatMap(document => [
          ...linkedProgram(document),
          ...fixedArchitecture(document, several),
          ...unknownStages(document),
          ...blankArguments(document),
        ]),
      ...context.members
        .filter(({ form }) => form === 'image')
        .flatMap(image => withoutCertificates(context, image)),
    ];
  },
};

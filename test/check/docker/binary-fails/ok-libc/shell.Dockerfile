ARG NAME=x
FROM debian:12
RUN for NAME in a b; do echo "$NAME"; done
RUN OTHER=1; echo \$NAME $OTHER

server {
    listen 443 ssl;
    server_name api.example.com;
    ssl_certificate     /etc/ssl/api.pem;
    ssl_certificate_key /etc/ssl/api.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    server_tokens off;

    client_max_body_size 50m;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;

    location /v1/ {
        proxy_pass http://localhost:8000;
        proxy_read_timeout 120s;
        add_header Access-Control-Allow-Origin $http_origin always;
        add_header Access-Control-Allow-Credentials true always;
    }

    location /v1/chat/stream {
        proxy_pass http://localhost:8000;
        proxy_set_header Connection "";
        proxy_http_version 1.1;
    }

    location /files {
        alias /srv/files/;
    }

    location /health {
        proxy_pass http://localhost:8000;
    }

    location /fetch {
        resolver 1.1.1.1;
        proxy_pass http://$arg_host;
    }
}
